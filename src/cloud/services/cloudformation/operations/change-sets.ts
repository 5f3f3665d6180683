/** CreateChangeSet and ExecuteChangeSet. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { forgetChangeSet, forgetChangeSets } from '../change-set/forget.ts'
import { putUnderReview } from '../change-set/nested-sets.ts'
import { newChangeSet } from '../change-set/new-change-set.ts'
import { prepare } from '../change-set/prepare.ts'
import { begin, newOperation } from '../engine/begin.ts'
import { changeSetAccess, findChangeSet, requireChangeSet } from '../engine/find-change-set.ts'
import { refuseUnsupportedMembers, versionAccess, versionFrom, versionToFail } from '../engine/stack-input.ts'
import { assumeStackRole } from '../engine/stack-run.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import { type ChangeSet, changeSets, type Stack, type StackVersion, stackNames, stacks } from '../state.ts'
import { newStack } from './create-stack.ts'
import { enforceStackPolicy } from './stack-policies.ts'
import { beginUpdate, refuseChangedTypes, requireUpdatable } from './update-stack.ts'

type CreateInput = Input<'cloudformation', 'CreateChangeSet'>

/** AWS: the type is UPDATE unless the request says otherwise; CREATE makes a stack that only is under review. */
export const CreateChangeSet = operation({
  service: 'cloudformation',
  name: 'CreateChangeSet',
  access: (input, ctx) => versionAccess('CreateChangeSet', input, ctx),
  run: async (input, ctx) => {
    refuseUnsupportedMembers(input)
    refuseUnsupported(input, ['DeploymentMode'])
    const toImport = resourcesToImport(input)
    const found = existingStack(ctx, input)
    const version = await askedVersion(input, ctx, found)
    const roleArn = input.RoleARN ?? found?.roleArn
    const stack =
      found ?? newStack(ctx, input.StackName, { ...version, parameters: [], tags: {}, capabilities: [] })
    if (roleArn) await assumeStackRole(ctx, { id: stack.id, roleArn })
    const held = findChangeSet(ctx, input.ChangeSetName, stack.id)
    if (held && held.clientToken !== undefined && held.clientToken === input.ClientToken) return answer(held)
    if (held && !isExecuted(held)) {
      if (!isSpent(held))
        throw new AwsError('AlreadyExistsException', `ChangeSet ${input.ChangeSetName} already exists`, {
          status: 400,
        })
      forgetChangeSet(ctx, held.id)
    }
    if (!found) {
      if (ctx.table(stackNames).has(stack.name)) throw validationError(`Stack [${stack.name}] already exists`)
      putUnderReview(ctx, stack)
    }
    const set = newChangeSet(ctx, stack, version, {
      name: input.ChangeSetName,
      setDescription: input.Description,
      roleArn: input.RoleARN,
      notificationArns: input.NotificationARNs ?? stack.notificationArns,
      onStackFailure: input.OnStackFailure,
      clientToken: input.ClientToken,
      includesNested: input.IncludeNestedStacks || undefined,
      importsExisting: input.ImportExistingResources || undefined,
      toImport,
    })
    ctx.table(changeSets).put(set.id, set)
    ctx.spawn(`change set ${set.name}`, () => prepare(ctx, set.id))
    return answer(set)
  },
})

/** Where its transforms fail, nothing is known of its resources, and the change set fails with that. */
async function askedVersion(
  input: CreateInput,
  ctx: Context,
  found: Stack | undefined,
): Promise<StackVersion> {
  const options = { changeSet: true }
  let version: StackVersion
  try {
    version = await versionFrom(input, ctx, found, options)
  } catch (failure) {
    return versionToFail(failure, input, ctx, found, options)
  }
  if (found && found.status !== 'REVIEW_IN_PROGRESS') refuseChangedTypes(found, version, ctx)
  return version
}

/**
 * `aws cloudformation deploy` names its sets by the second, and no two operations on AWS fit into one. Here they do,
 * so a set of that name which can no longer be executed makes room.
 */
const isSpent = (set: ChangeSet): boolean =>
  /^awscli-cloudformation-package-deploy-\d+$/.test(set.name) && set.status === 'FAILED'

/** AWS: the name of a set that was executed is free again. */
const isExecuted = ({ executionStatus }: ChangeSet): boolean =>
  executionStatus === 'EXECUTE_COMPLETE' || executionStatus === 'EXECUTE_FAILED'

const answer = (set: ChangeSet) => ({ Id: set.id, StackId: set.stackId })

/** AWS: what is imported is named by a set of the type IMPORT, and by no other. */
function resourcesToImport(input: CreateInput): ChangeSet['toImport'] {
  const named = input.ResourcesToImport ?? []
  if (input.ChangeSetType !== 'IMPORT') {
    if (named.length > 0)
      throw validationError('ResourcesToImport can be specified only for a change set of type IMPORT')
    return undefined
  }
  if (named.length === 0)
    throw validationError('ResourcesToImport must be specified for a change set of type IMPORT')
  return named.map(({ LogicalResourceId, ResourceIdentifier }) => ({
    logicalId: LogicalResourceId ?? '',
    identifier: ResourceIdentifier ?? {},
  }))
}

function existingStack(ctx: Context, input: CreateInput): Stack | undefined {
  const found = stackKind.lookUp(ctx, input.StackName)
  const live = found?.status === 'DELETE_COMPLETE' ? undefined : found
  if (input.ChangeSetType === 'CREATE') {
    // AWS: an id is never given again (`test_create_changeset_with_stack_id` of localstack's recordings).
    const held = input.StackName.startsWith('arn:') ? found : live
    if (held && held.status !== 'REVIEW_IN_PROGRESS')
      throw validationError(
        `Stack [${held === live ? held.name : input.StackName}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      )
    if (!held && input.StackName.startsWith('arn:'))
      throw validationError(`Stack [${input.StackName}] does not exist`)
    return live
  }
  // AWS: an import makes the stack where there is none.
  if (input.ChangeSetType === 'IMPORT' && (!live || live.status === 'REVIEW_IN_PROGRESS')) return live
  if (!live) throw validationError(`Stack [${input.StackName}] does not exist`)
  requireUpdatable(live)
  return live
}

/** AWS: executing a change set deletes the stack's other ones; the role was fixed when it was created. */
export const ExecuteChangeSet = operation({
  service: 'cloudformation',
  name: 'ExecuteChangeSet',
  access: (input, ctx) => [changeSetAccess('ExecuteChangeSet', input, ctx)],
  run: async (input, ctx) => {
    const set = requireChangeSet(ctx, input)
    const stack = ctx.table(stacks).get(set.stackId)!
    if (isExecutedBy(stack, set, input.ClientRequestToken)) return {}
    requireExecutable(set)
    enforceStackPolicy(stack.policy, set.changes)
    const noRollback = input.DisableRollback ?? false
    const next: Stack = {
      ...stack,
      roleArn: set.roleArn ?? stack.roleArn,
      notificationArns: set.notificationArns,
      disableRollback: noRollback || set.onStackFailure === 'DO_NOTHING',
      onFailure: noRollback ? 'DO_NOTHING' : (set.onStackFailure ?? 'ROLLBACK'),
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      changeSetId: set.id,
      operation: newOperation(ctx, { clientRequestToken: input.ClientRequestToken }),
    }
    const also = () => {
      requireExecutable(ctx.table(changeSets).get(set.id) ?? set)
      ctx.table(changeSets).put(set.id, { ...set, executionStatus: 'EXECUTE_IN_PROGRESS' })
      forgetChangeSets(ctx, set.stackId, set.id)
    }
    if (set.type === 'CREATE')
      // AWS: executing a set counts as an update (recorded, as above).
      await begin(
        ctx,
        { ...next, ...versionIn(set, stack), updatedAt: ctx.cloud.clock.now() },
        'CREATE_IN_PROGRESS',
        also,
      )
    else {
      const isNew = stack.status === 'REVIEW_IN_PROGRESS'
      if (!isNew) requireUpdatable(stack)
      const status = set.type === 'IMPORT' ? 'IMPORT_IN_PROGRESS' : 'UPDATE_IN_PROGRESS'
      await beginUpdate(ctx, next, versionIn(set, stack), also, status)
    }
    return {}
  },
})

/** AWS: with the token of the request that executed it, a change set is not executed again and the answer is the same. */
const isExecutedBy = (
  { changeSetId, operation }: Stack,
  { id }: ChangeSet,
  token: string | undefined,
): boolean => token !== undefined && changeSetId === id && operation?.clientRequestToken === token

const versionIn = (set: ChangeSet, stack: Stack): StackVersion => ({
  template: set.template,
  parameters: set.parameters,
  tags: set.tags,
  capabilities: set.capabilities,
  outputs: stack.outputs,
  imports: stack.imports,
  description: set.description,
})

function requireExecutable(set: ChangeSet): void {
  if (set.executionStatus === 'AVAILABLE') return
  const [what, status] =
    set.executionStatus === 'UNAVAILABLE' ? ['status', set.status] : ['execution status', set.executionStatus]
  throw new AwsError(
    'InvalidChangeSetStatus',
    `ChangeSet [${set.id}] cannot be executed in its current ${what} of [${status}]`,
    { status: 400 },
  )
}
