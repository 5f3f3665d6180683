/** DescribeStacks and ListStacks. */
import type { Stack as StackOutput } from '@aws-sdk/client-cloudformation'
import type { BoundParameter } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { generalAccess } from '../engine/general-access.ts'
import { stackKind } from '../kinds.ts'
import { type DriftDetection, drifts, type Stack, stacks } from '../state.ts'

const PAGE = 100

const date = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time))

/** AWS: the value of a NoEcho parameter is shown as asterisks. */
export const shownParameters = (parameters: readonly BoundParameter[]) =>
  parameters.map((one) => ({
    ParameterKey: one.key,
    ParameterValue: one.noEcho ? '****' : one.value,
    ResolvedValue: one.noEcho ? undefined : one.resolvedValue,
  }))

export const shownTags = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/**
 * AWS: what there is none of is left out, but for tags and topics of a stack and capabilities of a change set, which are
 * empty (recorded answers in the tests of localstack, `test_changesets.snapshot.json`).
 */
export const unlessEmpty = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined)

const driftOf = (found: DriftDetection | undefined) =>
  found
    ? {
        StackDriftStatus: found.drifted ? ('DRIFTED' as const) : ('IN_SYNC' as const),
        LastCheckTimestamp: new Date(found.at),
      }
    : { StackDriftStatus: 'NOT_CHECKED' as const }

function described(stack: Stack, ctx: Context): StackOutput {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: stack.changeSetId,
    Description: stack.description,
    Parameters: unlessEmpty(shownParameters(stack.parameters)),
    CreationTime: new Date(stack.createdAt),
    DeletionTime: date(stack.deletedAt),
    LastUpdatedTime: date(stack.updatedAt),
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: [...stack.notificationArns],
    TimeoutInMinutes: stack.timeoutInMinutes,
    Capabilities: unlessEmpty([...stack.capabilities]) as StackOutput['Capabilities'],
    Outputs: unlessEmpty(
      stack.outputs.map((one) => ({
        OutputKey: one.key,
        OutputValue: one.value,
        Description: one.description,
        ExportName: one.exportName,
      })),
    ),
    RoleARN: stack.roleArn,
    Tags: shownTags(stack.tags),
    EnableTerminationProtection: stack.terminationProtection,
    ParentId: stack.parentId,
    RootId: stack.rootId,
    DriftInformation: driftOf(ctx.table(drifts).get(stack.id)),
    RetainExceptOnCreate: stack.retainExceptOnCreate || undefined,
  }
}

/** AWS: without a name every stack but the deleted ones; a deleted one is found by its id. */
export const DescribeStacks = operation({
  service: 'cloudformation',
  name: 'DescribeStacks',
  access: (input, ctx) =>
    input.StackName
      ? [stackKind.on(ctx, 'DescribeStacks', input.StackName)]
      : [generalAccess('DescribeStacks')],
  run: (input, ctx) => {
    if (input.StackName) return { Stacks: [described(stackKind.find(ctx, input.StackName), ctx)] }
    const all = newestFirst(ctx.table(stacks).values()).filter((stack) => stack.status !== 'DELETE_COMPLETE')
    const page = paginate(all, { token: input.NextToken, limit: PAGE, query: 'DescribeStacks' })
    return { Stacks: page.items.map((stack) => described(stack, ctx)), NextToken: page.nextToken }
  },
})

const newestFirst = (all: Stack[]): Stack[] => all.reverse().sort((a, b) => b.createdAt - a.createdAt)

export const ListStacks = operation({
  service: 'cloudformation',
  name: 'ListStacks',
  access: () => [generalAccess('ListStacks')],
  run: (input, ctx) => {
    const wanted = input.StackStatusFilter as string[] | undefined
    const all = newestFirst(ctx.table(stacks).values()).filter(
      (stack) => !wanted?.length || wanted.includes(stack.status),
    )
    const page = paginate(all, { token: input.NextToken, limit: PAGE, query: wanted ?? [] })
    return {
      StackSummaries: page.items.map((stack) => ({
        StackId: stack.id,
        StackName: stack.name,
        TemplateDescription: stack.description,
        CreationTime: new Date(stack.createdAt),
        LastUpdatedTime: date(stack.updatedAt),
        DeletionTime: date(stack.deletedAt),
        StackStatus: stack.status,
        StackStatusReason: stack.statusReason,
        ParentId: stack.parentId,
        RootId: stack.rootId,
        DriftInformation: driftOf(ctx.table(drifts).get(stack.id)),
      })),
      NextToken: page.nextToken,
    }
  },
})
