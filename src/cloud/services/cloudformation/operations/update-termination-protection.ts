/** cloudformation:UpdateTerminationProtection. */
import { operation } from '../../../kernel/operation.ts'
import { stackKind } from '../kinds.ts'
import { stacks } from '../state.ts'

export const UpdateTerminationProtection = operation({
  service: 'cloudformation',
  name: 'UpdateTerminationProtection',
  access: (input, ctx) => [stackKind.on(ctx, 'UpdateTerminationProtection', input.StackName)],
  run: (input, ctx) => {
    const stack = stackKind.find(ctx, input.StackName)
    ctx.table(stacks).put(stack.id, { ...stack, terminationProtection: input.EnableTerminationProtection })
    return { StackId: stack.id }
  },
})
