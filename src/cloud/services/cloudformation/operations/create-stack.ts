/** CreateStack. */
import { formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { begin, newOperation } from '../engine/begin.ts'
import {
  alreadyExists,
  policyFrom,
  refuseUnsupportedMembers,
  versionAccess,
  versionFrom,
  versionToFail,
} from '../engine/stack-input.ts'
import { validationError } from '../engine/validation-error.ts'
import { stackKind } from '../kinds.ts'
import type { Stack, StackVersion } from '../state.ts'
import { makeObsolete } from './update-stack.ts'

/** AWS: DisableRollback and OnFailure say the same thing, so only one may be given. */
export const CreateStack = operation({
  service: 'cloudformation',
  name: 'CreateStack',
  access: (input, ctx) => versionAccess('CreateStack', input, ctx),
  run: async (input, ctx) => {
    refuseUnsupportedMembers(input)
    if (input.DisableRollback !== undefined && input.OnFailure !== undefined)
      throw validationError('Only one of DisableRollback and OnFailure can be specified.')
    const held = stackKind.lookUp(ctx, input.StackName)
    if (held && held.status !== 'REVIEW_IN_PROGRESS') {
      if (input.ClientRequestToken && held.operation?.clientRequestToken === input.ClientRequestToken)
        return { StackId: held.id }
      throw alreadyExists(input.StackName)
    }
    const options = { changeSet: false }
    const version = await versionFrom(input, ctx, undefined, options).catch((failure) =>
      versionToFail(failure, input, ctx, undefined, options),
    )
    const stack: Stack = {
      ...newStack(ctx, input.StackName, version),
      // AWS: a stack under review becomes this one, and its change sets obsolete (`test_create_while_in_review` of localstack's recordings).
      ...(held ? { id: held.id, createdAt: held.createdAt } : {}),
      roleArn: input.RoleARN,
      notificationArns: input.NotificationARNs ?? [],
      disableRollback: input.DisableRollback ?? false,
      onFailure: input.OnFailure ?? (input.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK'),
      retainExceptOnCreate: input.RetainExceptOnCreate ?? false,
      timeoutInMinutes: input.TimeoutInMinutes,
      terminationProtection: input.EnableTerminationProtection ?? false,
      policy: await policyFrom(input, ctx),
      operation: newOperation(ctx, { clientRequestToken: input.ClientRequestToken }),
    }
    await begin(ctx, stack, 'CREATE_IN_PROGRESS')
    makeObsolete(ctx, stack.id)
    return { StackId: stack.id, OperationId: stack.operation?.id }
  },
})

/** Gives a stack that holds nothing yet. */
export const newStack = (ctx: Context, name: string, version: StackVersion): Stack => ({
  ...version,
  id: formatArn('cloudformation', ctx.region, ctx.account, `stack/${name}/${ctx.cloud.ids.uuid()}`),
  name,
  status: 'REVIEW_IN_PROGRESS',
  createdAt: ctx.cloud.clock.now(),
  notificationArns: [],
  disableRollback: false,
  onFailure: 'ROLLBACK',
  retainExceptOnCreate: false,
  terminationProtection: false,
})
