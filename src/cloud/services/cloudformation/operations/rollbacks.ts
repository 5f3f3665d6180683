/** What takes a stack's operation back: CancelUpdateStack, ContinueUpdateRollback, RollbackStack. */
import { operation } from '../../../kernel/operation.ts'
import { begin, newOperation } from '../engine/begin.ts'
import { passRole } from '../engine/stack-input.ts'
import { validationError } from '../engine/validation-error.ts'
import { liveStack, stackKind } from '../kinds.ts'
import { resourcesOf, stacks } from '../state.ts'

/** AWS: only an update under way can be cancelled; what it has begun is finished first. */
export const CancelUpdateStack = operation({
  service: 'cloudformation',
  name: 'CancelUpdateStack',
  access: (input, ctx) => [stackKind.on(ctx, 'CancelUpdateStack', input.StackName)],
  run: (input, ctx) => {
    const stack = liveStack(ctx, input.StackName)
    if (stack.status !== 'UPDATE_IN_PROGRESS')
      throw validationError(`CancelUpdateStack cannot be called from current stack status`)
    ctx.table(stacks).put(stack.id, { ...stack, operation: { ...stack.operation!, cancelled: true } })
    return {}
  },
})

export const ContinueUpdateRollback = operation({
  service: 'cloudformation',
  name: 'ContinueUpdateRollback',
  access: (input, ctx) => [
    stackKind.on(ctx, 'ContinueUpdateRollback', input.StackName),
    ...passRole(input.RoleARN, ctx),
  ],
  run: async (input, ctx) => {
    const stack = liveStack(ctx, input.StackName)
    if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`)
    const skipped = input.ResourcesToSkip ?? []
    const records = ctx.table(resourcesOf(stack.id))
    const wrong = skipped.filter((id) => records.get(id)?.status !== 'UPDATE_FAILED')
    if (wrong.length > 0)
      throw validationError(
        `Resources [${wrong.join(', ')}] cannot be skipped because they are not in UPDATE_FAILED state`,
      )
    const operation = newOperation(ctx, { clientRequestToken: input.ClientRequestToken, leave: skipped })
    await begin(
      ctx,
      { ...stack, roleArn: input.RoleARN ?? stack.roleArn, operation },
      'UPDATE_ROLLBACK_IN_PROGRESS',
    )
    return {}
  },
})

/** AWS: brings a stack whose failed operation was kept as it was back to its last good state. */
export const RollbackStack = operation({
  service: 'cloudformation',
  name: 'RollbackStack',
  access: (input, ctx) => [
    stackKind.on(ctx, 'RollbackStack', input.StackName),
    ...passRole(input.RoleARN, ctx),
  ],
  run: async (input, ctx) => {
    const stack = liveStack(ctx, input.StackName)
    const next = {
      CREATE_FAILED: 'ROLLBACK_IN_PROGRESS',
      UPDATE_FAILED: 'UPDATE_ROLLBACK_IN_PROGRESS',
    } as const
    const status = next[stack.status as keyof typeof next]
    if (!status)
      throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`)
    const operation = newOperation(ctx, { clientRequestToken: input.ClientRequestToken })
    const retainExceptOnCreate = input.RetainExceptOnCreate ?? stack.retainExceptOnCreate
    const rolled = {
      ...stack,
      ...stack.previous,
      roleArn: input.RoleARN ?? stack.roleArn,
      retainExceptOnCreate,
      operation,
    }
    await begin(ctx, rolled, status)
    return { StackId: stack.id, OperationId: operation.id }
  },
})
