/** DescribeChangeSet, ListChangeSets and DeleteChangeSet. */
import type { Change } from '@aws-sdk/client-cloudformation'
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { forgetChangeSet } from '../change-set/forget.ts'
import { changeSetAccess, findChangeSet, NEEDS_STACK, requireChangeSet } from '../engine/find-change-set.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import {
  type ChangeDetail,
  type ChangeSet,
  changeSets,
  changeSetsByStack,
  type ResourceChange,
} from '../state.ts'
import { shownParameters, shownTags, unlessEmpty } from './describe-stacks.ts'

const PAGE = 100

export const DescribeChangeSet = operation({
  service: 'cloudformation',
  name: 'DescribeChangeSet',
  access: (input, ctx) => [changeSetAccess('DescribeChangeSet', input, ctx)],
  run: (input, ctx) => {
    const set = requireChangeSet(ctx, input)
    const values = input.IncludePropertyValues ?? false
    const page = paginate(set.changes, { token: input.NextToken, limit: PAGE, query: [set.id, values] })
    return {
      ...summary(set),
      Parameters: unlessEmpty(shownParameters(set.parameters)),
      NotificationARNs: [...set.notificationArns],
      RollbackConfiguration: {},
      Capabilities: [...set.capabilities] as ['CAPABILITY_IAM'],
      Tags: unlessEmpty(shownTags(set.tags)),
      Changes: page.items.map((change) => shownChange(change, values)),
      NextToken: page.nextToken,
      OnStackFailure: set.onStackFailure,
    }
  },
})

const summary = (set: ChangeSet) => ({
  ChangeSetName: set.name,
  ChangeSetId: set.id,
  StackId: set.stackId,
  StackName: set.stackName,
  Description: set.setDescription,
  CreationTime: new Date(set.createdAt),
  ExecutionStatus: set.executionStatus,
  Status: set.status,
  StatusReason: set.statusReason,
  IncludeNestedStacks: set.includesNested ?? false,
  ParentChangeSetId: set.nestedIn?.parentId,
  RootChangeSetId: set.nestedIn?.rootId,
  ImportExistingResources: set.importsExisting ?? false,
})

const shownChange = (change: ResourceChange, values: boolean): Change => ({
  Type: 'Resource',
  ResourceChange: {
    PolicyAction: change.policyAction,
    Action: change.action,
    LogicalResourceId: change.logicalId,
    PhysicalResourceId: change.physicalId,
    ResourceType: change.type,
    Replacement: change.replacement ?? (values && change.action === 'Add' ? 'True' : undefined),
    Scope: [...change.scope] as ['Properties'],
    Details: change.details.map((detail) => shownDetail(detail, values)),
    ChangeSetId: change.changeSetId,
    BeforeContext: values ? change.before : undefined,
    AfterContext: values ? change.after : undefined,
  },
})

const shownDetail = (detail: ChangeDetail, values: boolean) => ({
  Target: {
    Attribute: detail.attribute,
    Name: detail.name,
    RequiresRecreation: detail.requiresRecreation,
    ...(values ? valuesOf(detail) : {}),
  },
  Evaluation: detail.evaluation,
  ChangeSource: detail.source,
  CausingEntity: detail.causingEntity,
})

const valuesOf = ({ attribute, name, before, after }: ChangeDetail) => ({
  Path: name ? `/Properties/${name}` : `/${attribute === 'Tags' ? 'Properties/Tags' : attribute}`,
  BeforeValue: before,
  AfterValue: after,
  AttributeChangeType:
    before === undefined ? ('Add' as const) : after === undefined ? ('Remove' as const) : ('Modify' as const),
})

export const ListChangeSets = operation({
  service: 'cloudformation',
  name: 'ListChangeSets',
  access: (input, ctx) => [stackKind.on(ctx, 'ListChangeSets', input.StackName)],
  run: (input, ctx) => {
    const stack = stackKind.find(ctx, input.StackName)
    // What was executed before is found by its id alone.
    const all = ctx
      .table(changeSets)
      .where(changeSetsByStack, stack.id)
      .filter((set) => set.executionStatus !== 'EXECUTE_COMPLETE' || set.id === stack.changeSetId)
    const page = paginate(all, { token: input.NextToken, limit: PAGE, query: stack.id })
    return { Summaries: page.items.map(summary), NextToken: page.nextToken }
  },
})

/** AWS: a set that is gone already is no error; one that is being executed is. */
export const DeleteChangeSet = operation({
  service: 'cloudformation',
  name: 'DeleteChangeSet',
  access: (input, ctx) => [changeSetAccess('DeleteChangeSet', input, ctx)],
  run: (input, ctx) => {
    const { StackName: name, ChangeSetName: setName } = input
    if (!name && !setName.startsWith('arn:')) throw validationError(NEEDS_STACK)
    const stack = name ? stackKind.lookUp(ctx, name) : undefined
    if (name && !stack) throw validationError(`Stack [${name}] does not exist`)
    const set = findChangeSet(ctx, setName, stack?.id)
    if (!set) return {}
    if (set.nestedIn)
      throw validationError(
        `Change set ${set.id} is nested: it is deleted with its root ${set.nestedIn.rootId}.`,
      )
    if (set.executionStatus === 'EXECUTE_IN_PROGRESS')
      throw new AwsError(
        'InvalidChangeSetStatus',
        `ChangeSet [${set.id}] cannot be deleted in its current execution status of [${set.executionStatus}]`,
        { status: 400 },
      )
    forgetChangeSet(ctx, set.id)
    return {}
  },
})
