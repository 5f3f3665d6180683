/** CreateChangeSet and ExecuteChangeSet. */

import { AwsError, formatArn } from '../../../../model/index.ts'
import { readProcessed, requireCapabilities } from '../../../../template/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changeSetPrepared } from '../../../kernel/service-events.ts'
import { changesOf } from '../change-set/changes.ts'
import { begin, newOperation } from '../engine/begin.ts'
import { changeSetAccess, findChangeSet, requireChangeSet } from '../engine/find-change-set.ts'
import { loadHandlers } from '../engine/resource-handler.ts'
import { refuseUnsupportedMembers, versionAccess, versionFrom, versionToFail } from '../engine/stack-input.ts'
import { assumeStackRole, StackRun } from '../engine/stack-run.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import { type ChangeSet, changeSets, type Stack, type StackVersion, stackNames, stacks } from '../state.ts'
import { newStack } from './create-stack.ts'
import { forgetChangeSets } from './delete-stack.ts'
import { enforceStackPolicy } from './stack-policies.ts'
import { beginUpdate, refuseChangedTypes, requireUpdatable } from './update-stack.ts'

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set."

type CreateInput = Input<'cloudformation', 'CreateChangeSet'>

/** AWS: the type is UPDATE unless the request says otherwise; CREATE makes a stack that only is under review. */
export const CreateChangeSet = operation({
  service: 'cloudformation',
  name: 'CreateChangeSet',
  access: (input, ctx) => versionAccess('CreateChangeSet', input, ctx),
  run: async (input, ctx) => {
    refuseUnsupportedMembers(input)
    if (input.IncludeNestedStacks) refuseUnsupported(input, ['IncludeNestedStacks'])
    if (input.ImportExistingResources) refuseUnsupported(input, ['ImportExistingResources'])
    if (input.ChangeSetType === 'IMPORT') refuseUnsupported(input, ['ChangeSetType'])
    refuseUnsupported(input, ['ResourcesToImport', 'DeploymentMode'])
    const found = existingStack(ctx, input)
    const version = await askedVersion(input, ctx, found)
    const roleArn = input.RoleARN ?? found?.roleArn
    const stack =
      found ?? newStack(ctx, input.StackName, { ...version, parameters: [], tags: {}, capabilities: [] })
    if (roleArn) await assumeStackRole(ctx, { id: stack.id, roleArn })
    const held = findChangeSet(ctx, input.ChangeSetName, stack.id)
    if (held && held.clientToken !== undefined && held.clientToken === input.ClientToken) return answer(held)
    if (held && !isSpent(held))
      throw new AwsError('AlreadyExistsException', `ChangeSet ${input.ChangeSetName} already exists`, {
        status: 400,
      })
    if (held) ctx.table(changeSets).delete(held.id)
    if (!found) putUnderReview(ctx, stack)
    const set = newChangeSet(ctx, input, stack, version)
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
  if (found && found.status !== 'REVIEW_IN_PROGRESS') refuseChangedTypes(found, version, ctx.region)
  return version
}

/**
 * `aws cloudformation deploy` names its sets by the second, and no two operations on AWS fit into one. Here they do,
 * so a set of that name which can no longer be executed makes room.
 */
const isSpent = (set: ChangeSet): boolean =>
  /^awscli-cloudformation-package-deploy-\d+$/.test(set.name) &&
  (set.status === 'FAILED' || set.executionStatus === 'EXECUTE_COMPLETE')

const answer = (set: ChangeSet) => ({ Id: set.id, StackId: set.stackId })

function existingStack(ctx: Context, input: CreateInput): Stack | undefined {
  const found = stackKind.lookUp(ctx, input.StackName)
  const live = found?.status === 'DELETE_COMPLETE' ? undefined : found
  if (input.ChangeSetType === 'CREATE') {
    if (live && live.status !== 'REVIEW_IN_PROGRESS')
      throw validationError(
        `Stack [${live.name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName}].`,
      )
    return live
  }
  if (!live) throw validationError(`Stack [${input.StackName}] does not exist`)
  requireUpdatable(live)
  return live
}

function putUnderReview(ctx: Context, stack: Stack): void {
  if (ctx.table(stackNames).has(stack.name)) throw validationError(`Stack [${stack.name}] already exists`)
  ctx.table(stackNames).put(stack.name, stack.id)
  ctx.table(stacks).put(stack.id, { ...stack, operation: newOperation(ctx) })
  new StackRun(ctx, stack.id).setStatus('REVIEW_IN_PROGRESS', 'User Initiated')
}

function newChangeSet(ctx: Context, input: CreateInput, stack: Stack, version: StackVersion): ChangeSet {
  const { outputs: _, imports: __, ...rest } = version
  return {
    ...rest,
    id: formatArn(
      'cloudformation',
      ctx.region,
      ctx.account,
      `changeSet/${input.ChangeSetName}/${ctx.cloud.ids.uuid()}`,
    ),
    name: input.ChangeSetName,
    stackId: stack.id,
    stackName: stack.name,
    type: stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
    setDescription: input.Description,
    createdAt: ctx.cloud.clock.now(),
    status: 'CREATE_PENDING',
    executionStatus: 'UNAVAILABLE',
    roleArn: input.RoleARN,
    notificationArns: input.NotificationARNs ?? stack.notificationArns,
    onStackFailure: input.OnStackFailure,
    clientToken: input.ClientToken,
    changes: [],
  }
}

/** Works out the changes of a change set that was asked for, and tells those who wait for it. */
export async function prepare(ctx: Context, id: string): Promise<void> {
  const set = ctx.table(changeSets).get(id)
  if (set) await loadHandlers(ctx, set.stackId)
  workOut(ctx, id)
  ctx.cloud.bus.emit(changeSetPrepared, { changeSet: id })
}

function workOut(ctx: Context, id: string): void {
  const table = ctx.table(changeSets)
  const set = table.get(id)
  const stack = set && ctx.table(stacks).get(set.stackId)
  if (!set || !stack) return
  table.put(id, { ...set, status: 'CREATE_IN_PROGRESS' })
  try {
    requireCapabilities(readProcessed(set.template, set.parameters, ctx.region), set.capabilities, {
      transforms: false,
    })
    const { resources, unchanged } = changesOf(ctx, stack, set)
    table.put(
      id,
      unchanged
        ? { ...set, status: 'FAILED', statusReason: NO_CHANGES }
        : { ...set, status: 'CREATE_COMPLETE', executionStatus: 'AVAILABLE', changes: resources },
    )
  } catch (error) {
    if (!(error instanceof AwsError)) ctx.cloud.bug('cloudformation change set', error)
    table.put(id, { ...set, status: 'FAILED', statusReason: (error as Error).message })
  }
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
      await begin(ctx, { ...next, ...versionIn(set, stack) }, 'CREATE_IN_PROGRESS', also)
    else {
      requireUpdatable(stack)
      await beginUpdate(ctx, next, versionIn(set, stack), also)
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
