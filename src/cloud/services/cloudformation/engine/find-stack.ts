/** Finds stacks by name or id, and says what a caller must be allowed to do with them. */
import { formatArn } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Stack, stackNames, stacks } from '../state.ts'
import { validationError } from './validation-error.ts'

/** Gives a stack by the name it holds now, or by its id even after its deletion. */
export function findStack(ctx: Context, nameOrId: string): Stack | undefined {
  const id = nameOrId.startsWith('arn:') ? nameOrId : ctx.table(stackNames).get(nameOrId)
  return id === undefined ? undefined : ctx.table(stacks).get(id)
}

/** Errors: ValidationError `Stack with id … does not exist`. */
export function requireStack(ctx: Context, nameOrId: string): Stack {
  const found = findStack(ctx, nameOrId)
  if (found) return found
  throw validationError(`Stack with id ${nameOrId} does not exist`)
}

/** AWS: operations that change a stack word its absence differently. Errors: ValidationError `Stack [x] does not exist`. */
export function requireLiveStack(ctx: Context, nameOrId: string): Stack {
  const found = findStack(ctx, nameOrId)
  if (found && found.status !== 'DELETE_COMPLETE') return found
  throw validationError(`Stack [${nameOrId}] does not exist`)
}

/** The ARN that policies name a stack by: its id, or `stack/<name>/*` while there is none. */
export function stackArn(ctx: Context, nameOrId: string): string {
  if (nameOrId.startsWith('arn:')) return nameOrId
  return (
    findStack(ctx, nameOrId)?.id ??
    formatArn('cloudformation', ctx.region, ctx.account, `stack/${nameOrId}/*`)
  )
}

/** What a caller must be allowed for one action on one stack. */
export const stackAccess = (
  action: string,
  nameOrId: string,
  ctx: Context,
  context?: AccessRequest['context'],
): AccessRequest => ({ action: `cloudformation:${action}`, resource: stackArn(ctx, nameOrId), context })

/** What a caller must be allowed for an action that speaks of no one stack. */
export const generalAccess = (action: string): AccessRequest => ({
  action: `cloudformation:${action}`,
  resource: '*',
})
