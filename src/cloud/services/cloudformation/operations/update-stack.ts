/** UpdateStack, and what executing a change set does in its stead. */

import { entryOf } from '../../../../model/index.ts'
import { readTemplate } from '../../../../template/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changesOf } from '../change-set/changes.ts'
import { begin, newOperation } from '../engine/begin.ts'
import { loadHandlers } from '../engine/resource-handler.ts'
import { versionOf } from '../engine/run-stack.ts'
import { policyFrom, refuseUnsupportedMembers, versionAccess, versionFrom } from '../engine/stack-input.ts'
import { validationError } from '../engine/validation-error.ts'
import { liveStack } from '../kinds.ts'
import { changeSets, changeSetsByStack, type Stack, type StackStatus, type StackVersion } from '../state.ts'
import { enforceStackPolicy } from './stack-policies.ts'

const updatable =
  /^(CREATE_COMPLETE|CREATE_FAILED|IMPORT_COMPLETE|IMPORT_ROLLBACK_COMPLETE|UPDATE_COMPLETE|UPDATE_FAILED|UPDATE_ROLLBACK_COMPLETE)$/

/** AWS: ROLLBACK_COMPLETE accepts only deletion. Errors: ValidationError naming the state. */
export function requireUpdatable(stack: Stack): void {
  if (updatable.test(stack.status)) return
  throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`)
}

/** AWS: the type of a resource cannot change under its logical id. */
export function refuseChangedTypes(stack: Stack, version: StackVersion, ctx: Context): void {
  const [before, after] = [stack, version].map(
    (one) => readTemplate(one.template, one.parameters, ctx).Resources,
  )
  const changed = Object.keys(after!).filter(
    (id) => (entryOf(before, id)?.Type ?? after![id]!.Type) !== after![id]!.Type,
  )
  if (changed.length > 0)
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    )
}

export const UpdateStack = operation({
  service: 'cloudformation',
  name: 'UpdateStack',
  access: (input, ctx) => versionAccess('UpdateStack', input, ctx),
  run: async (input, ctx) => {
    refuseUnsupportedMembers(input)
    refuseUnsupported(input, ['StackPolicyDuringUpdateURL'])
    const stack = liveStack(ctx, input.StackName)
    const token = input.ClientRequestToken
    if (token && stack.operation?.clientRequestToken === token) return { StackId: stack.id }
    requireUpdatable(stack)
    const version = await versionFrom(input, ctx, stack, { changeSet: false })
    refuseChangedTypes(stack, version, ctx)
    await loadHandlers(ctx, stack.id)
    const changes = changesOf(ctx, stack, version)
    const policy = await policyFrom(input, ctx)
    if (changes.unchanged && stack.status !== 'UPDATE_FAILED' && stack.status !== 'CREATE_FAILED')
      throw validationError('No updates are to be performed.')
    enforceStackPolicy(input.StackPolicyDuringUpdateBody ?? stack.policy, changes.resources)
    const updated: Stack = {
      ...stack,
      roleArn: input.RoleARN ?? stack.roleArn,
      notificationArns: input.NotificationARNs ?? stack.notificationArns,
      disableRollback: input.DisableRollback ?? false,
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      policy: policy ?? stack.policy,
      operation: newOperation(ctx, { clientRequestToken: token }),
    }
    await beginUpdate(ctx, updated, version)
    makeObsolete(ctx, stack.id)
    return { StackId: stack.id, OperationId: updated.operation?.id }
  },
})

/** AWS: a change set was worked out against a stack that is no longer so. */
export function makeObsolete(ctx: Context, stackId: string): void {
  const table = ctx.table(changeSets)
  for (const set of table.where(changeSetsByStack, stackId))
    if (set.executionStatus === 'AVAILABLE') table.put(set.id, { ...set, executionStatus: 'OBSOLETE' })
}

/** Puts the new version in the stack's record, keeps the old one for a rollback, and begins. */
export async function beginUpdate(
  ctx: Context,
  stack: Stack,
  version: StackVersion,
  also?: () => void,
  status: StackStatus = 'UPDATE_IN_PROGRESS',
): Promise<void> {
  const updated: Stack = {
    ...stack,
    ...version,
    outputs: stack.outputs,
    imports: stack.imports,
    updatedAt: ctx.cloud.clock.now(),
    previous: stack.previous ?? versionOf(stack),
  }
  await begin(ctx, updated, status, also)
}
