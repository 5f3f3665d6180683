/** DescribeStackEvents, DescribeStackResource, DescribeStackResources and ListStackResources. */
import { entryOf } from '../../../../model/index.ts'
import { readTemplate } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { generalAccess } from '../engine/general-access.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import { drifts, eventsOf, resourcesOf, type Stack, type StackResource, stacks } from '../state.ts'

const PAGE = 100

/** AWS: newest first. */
export const DescribeStackEvents = operation({
  service: 'cloudformation',
  name: 'DescribeStackEvents',
  access: (input, ctx) => [stackKind.on(ctx, 'DescribeStackEvents', input.StackName)],
  run: (input, ctx) => {
    const stack = findForEvents(ctx, input.StackName)
    const newest = ctx.table(eventsOf(stack.id)).values().reverse()
    const page = paginate(newest, { token: input.NextToken, limit: PAGE, query: stack.id })
    return {
      StackEvents: page.items.map((event) => ({
        StackId: stack.id,
        EventId: event.id,
        StackName: stack.name,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: new Date(event.time),
        ResourceStatus: event.status as 'CREATE_COMPLETE',
        ResourceStatusReason: event.reason,
        ResourceProperties: event.properties,
        ClientRequestToken: event.clientRequestToken,
        OperationId: event.operationId,
      })),
      NextToken: page.nextToken,
    }
  },
})

function findForEvents(ctx: Context, name: string): Stack {
  try {
    return stackKind.find(ctx, name)
  } catch {
    throw validationError(`Stack [${name}] does not exist`)
  }
}

const driftOf = (ctx: Context, stack: Stack, { logicalId }: StackResource) => {
  const found = ctx
    .table(drifts)
    .get(stack.id)
    ?.resources.find((one) => one.logicalId === logicalId)
  return found
    ? { StackResourceDriftStatus: found.status, LastCheckTimestamp: new Date(found.at) }
    : { StackResourceDriftStatus: 'NOT_CHECKED' as const }
}

const shown = (ctx: Context, stack: Stack, record: StackResource) => ({
  StackName: stack.name,
  StackId: stack.id,
  LogicalResourceId: record.logicalId,
  PhysicalResourceId: record.physical?.id,
  ResourceType: record.type,
  ResourceStatus: record.status,
  ResourceStatusReason: record.reason,
  DriftInformation: driftOf(ctx, stack, record),
})

export const DescribeStackResource = operation({
  service: 'cloudformation',
  name: 'DescribeStackResource',
  access: (input, ctx) => [stackKind.on(ctx, 'DescribeStackResource', input.StackName)],
  run: (input, ctx) => {
    const stack = stackKind.find(ctx, input.StackName)
    const record = ctx.table(resourcesOf(stack.id)).get(input.LogicalResourceId)
    if (!record)
      throw validationError(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`)
    const { Metadata: metadata } =
      entryOf(readTemplate(stack.template, stack.parameters, ctx).Resources, record.logicalId) ?? {}
    return {
      StackResourceDetail: {
        ...shown(ctx, stack, record),
        LastUpdatedTimestamp: new Date(record.updatedAt),
        Metadata: JSON.stringify(metadata ?? {}),
      },
    }
  },
})

/** AWS: by stack, or by the physical id of one of its resources; at most the first 100. */
export const DescribeStackResources = operation({
  service: 'cloudformation',
  name: 'DescribeStackResources',
  access: (input, ctx) => {
    const stack = input.StackName ?? ownerOf(ctx, input.PhysicalResourceId ?? '')?.id
    return [
      stack ? stackKind.on(ctx, 'DescribeStackResources', stack) : generalAccess('DescribeStackResources'),
    ]
  },
  run: (input, ctx) => {
    if (input.StackName && input.PhysicalResourceId)
      throw validationError('You must specify either the StackName or PhysicalResourceId, but not both.')
    const stack = meantStack(ctx, input)
    const all = ctx
      .table(resourcesOf(stack.id))
      .values()
      .filter((record) => !input.LogicalResourceId || record.logicalId === input.LogicalResourceId)
    return {
      StackResources: all
        .slice(0, PAGE)
        .map((record) => ({ ...shown(ctx, stack, record), Timestamp: new Date(record.updatedAt) })),
    }
  },
})

/** The stack that a request means. Errors: ValidationError. */
function meantStack(ctx: Context, { StackName, PhysicalResourceId }: Meant): Stack {
  if (StackName) return stackKind.find(ctx, StackName)
  if (PhysicalResourceId === undefined)
    throw validationError('You must specify either the StackName or the PhysicalResourceId.')
  const owner = ownerOf(ctx, PhysicalResourceId)
  if (owner) return owner
  throw validationError(`Stack for ${PhysicalResourceId} does not exist`)
}

interface Meant {
  readonly StackName?: string
  readonly PhysicalResourceId?: string
}

const ownerOf = (ctx: Context, physicalId: string): Stack | undefined =>
  ctx
    .table(stacks)
    .values()
    .filter((stack) => stack.status !== 'DELETE_COMPLETE')
    .find((stack) =>
      ctx
        .table(resourcesOf(stack.id))
        .values()
        .some((record) => record.physical?.id === physicalId),
    )

export const ListStackResources = operation({
  service: 'cloudformation',
  name: 'ListStackResources',
  access: (input, ctx) => [stackKind.on(ctx, 'ListStackResources', input.StackName)],
  run: (input, ctx) => {
    const stack = stackKind.find(ctx, input.StackName)
    const all = ctx.table(resourcesOf(stack.id)).values()
    const page = paginate(all, { token: input.NextToken, limit: PAGE, query: stack.id })
    return {
      StackResourceSummaries: page.items.map((record) => {
        const { StackName: _, StackId: __, ...summary } = shown(ctx, stack, record)
        return { ...summary, LastUpdatedTimestamp: new Date(record.updatedAt) }
      }),
      NextToken: page.nextToken,
    }
  },
})
