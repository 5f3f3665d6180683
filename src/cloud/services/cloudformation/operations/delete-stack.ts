/** DeleteStack. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { forgetChangeSets, removeUnborn } from '../change-set/forget.ts'
import { begin, newOperation } from '../engine/begin.ts'
import { isBusy } from '../engine/run-stack.ts'
import { passRole, refuseExpress } from '../engine/stack-input.ts'
import { StackRun } from '../engine/stack-run.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import { resourcesOf, type Stack, stacks } from '../state.ts'

/** AWS: deleting a stack that does not exist, or is being deleted, succeeds. */
export const DeleteStack = operation({
  service: 'cloudformation',
  name: 'DeleteStack',
  access: (input, ctx) => {
    const context = input.RoleARN ? { 'cloudformation:RoleArn': input.RoleARN } : undefined
    return [stackKind.on(ctx, 'DeleteStack', input.StackName, context), ...passRole(input.RoleARN, ctx)]
  },
  run: async (input, ctx) => {
    if (input.DeletionMode !== 'STANDARD') refuseUnsupported(input, ['DeletionMode'])
    refuseExpress(input)
    const stack = stackKind.lookUp(ctx, input.StackName)
    if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {}
    if (stack.terminationProtection)
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`)
    if (stack.status === 'CREATE_IN_PROGRESS') {
      // The creation under way ends as soon as what it has begun is done; its run goes on with the deletion.
      const operation = { ...stack.operation!, cancelled: true }
      ctx.table(stacks).put(stack.id, { ...stack, operation, roleArn: input.RoleARN ?? stack.roleArn })
      new StackRun(ctx, stack.id).setStatus('DELETE_IN_PROGRESS', 'User Initiated')
      return {}
    }
    if (isBusy(stack))
      throw validationError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`)
    checkRetained(ctx, stack, input.RetainResources)
    const also = () => forgetChangeSets(ctx, stack.id)
    if (stack.status === 'REVIEW_IN_PROGRESS') {
      also()
      removeUnborn(ctx, stack)
      return {}
    }
    const deleted: Stack = {
      ...stack,
      roleArn: input.RoleARN ?? stack.roleArn,
      operation: newOperation(ctx, {
        clientRequestToken: input.ClientRequestToken,
        leave: input.RetainResources,
        statusBefore: stack.status,
      }),
    }
    await begin(ctx, deleted, 'DELETE_IN_PROGRESS', also)
    return {}
  },
})

/** AWS: RetainResources is for stacks whose deletion has failed, and names resources that could not be deleted. */
function checkRetained(ctx: Context, stack: Stack, retained: readonly string[] | undefined): void {
  if (!retained?.length) return
  if (stack.status !== 'DELETE_FAILED')
    throw validationError(
      `Invalid operation on stack [${stack.id}]. Specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    )
  const known = ctx.table(resourcesOf(stack.id))
  const unknown = retained.filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw validationError(
      `The specified resources to retain must be in a valid state: [${unknown.join(', ')}] do not exist`,
    )
}
