/** Idempotency tokens: the same start asked for again gives what it started the first time. */
import { createHash } from 'node:crypto'
import { invalid } from './refusals.ts'

/** The token that a start was asked for with, and what else was asked. */
export interface TokenedRequest {
  readonly token: string
  readonly digest: string
}

/** How long a token is good for, in milliseconds. */
export const TOKEN_LIFE = 5 * 60_000

/** Gives what is kept of a request; undefined where it has no token. */
export function requestOf({
  idempotencyToken: token,
  ...input
}: {
  readonly idempotencyToken?: string | undefined
}): TokenedRequest | undefined {
  if (token === undefined) return undefined
  return { token, digest: createHash('sha256').update(JSON.stringify(input)).digest('base64') }
}

/** AWS: within five minutes a token is for one request. Errors: InvalidInputException for another with the same token. */
export function requireSame(known: TokenedRequest | undefined, request: TokenedRequest): void {
  if (known?.digest !== request.digest)
    throw invalid('The idempotency token was used with other parameters before')
}
