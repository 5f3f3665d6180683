/** The kinds of resources that CloudFormation keeps. AWS: a change set is no resource for policies, its stack is asked. */
import { formatArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import { tagsSeen } from '../../kernel/tagging.ts'
import { validationError } from './engine/validation-error.ts'
import { stackSetKind } from './stack-sets/kind.ts'
import { type Stack, stackNames, stacks } from './state.ts'

/** A stack, named by the name it holds now, or by its id even after its deletion. */
export const stackKind = resourceKind({
  service: 'cloudformation',
  table: stacks,
  key: (stack) => stack.id,
  found: (ctx, named: string) => {
    const isId = named.startsWith('arn:')
    const id = isId ? named : ctx.table(stackNames).get(named)
    const record = id === undefined ? undefined : ctx.table(stacks).get(id)
    // What policies name a stack by: its id, or `stack/<name>/*` while there is none.
    const none = isId ? named : formatArn('cloudformation', ctx.region, ctx.account, `stack/${named}/*`)
    return { record, arn: record?.id ?? none, account: ctx.account, region: ctx.region, named }
  },
  absent: ({ named }) => validationError(`Stack with id ${named} does not exist`),
  policy: 'none',
  tags: tagsSeen<Stack>(({ tags }) => tags),
})

/** AWS: operations that change a stack word its absence differently. Errors: ValidationError `Stack [x] does not exist`. */
export function liveStack(ctx: Context, nameOrId: string): Stack {
  const found = stackKind.lookUp(ctx, nameOrId)
  if (found && found.status !== 'DELETE_COMPLETE') return found
  throw validationError(`Stack [${nameOrId}] does not exist`)
}

export const kinds = [stackKind, stackSetKind]
