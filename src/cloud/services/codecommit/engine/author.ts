/** Who makes a commit through the API. */
import type { Context } from '../../../kernel/context.ts'

export interface Author {
  readonly name?: string
  readonly email?: string
}

/** What git takes out of names. */
const clean = (text: string): string => text.replace(/[\p{Cc}<>]/gu, '').trim()

/**
 * Gives a line of a commit: name, address, seconds since 1970 and zone.
 * AWS: without a name it is that of the caller, as its ARN ends ("the default is the user name", API reference).
 */
export function authorLine(ctx: Context, { name = '', email = '' }: Author): string {
  const { arn } = ctx.identity
  const own = arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1)
  return `${clean(name) || own} <${clean(email)}> ${Math.floor(ctx.cloud.clock.now() / 1000)} +0000`
}
