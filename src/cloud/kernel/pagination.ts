/** Lists cut into pages, with tokens that are opaque and good for one query only. */
import { createHash } from 'node:crypto'
import { AwsError } from '../../model/index.ts'

export interface Page<T> {
  readonly items: T[]
  /** Absent on the last page. */
  readonly nextToken?: string
}

const fingerprint = (query: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(query) ?? '')
    .digest('base64url')
    .slice(0, 12)

/**
 * Gives one page of a list, of which no more is looked at. `query` is whatever else the request asked for: a token given for another query is refused.
 * Errors: `error` (default InvalidNextToken) when the token is not one of ours for this query.
 */
export function paginate<T>(
  all: Iterable<T>,
  options: { token?: string; limit: number; query: unknown; error?: () => AwsError },
): Page<T> {
  const { token, limit, query } = options
  const start = token === undefined ? 0 : position(token, query)
  if (start === undefined)
    throw options.error?.() ?? new AwsError('InvalidNextToken', 'The next token is invalid.')
  const items: T[] = []
  let at = 0
  for (const one of all) {
    if (items.length === limit)
      return { items, nextToken: Buffer.from(`${fingerprint(query)}:${at}`).toString('base64url') }
    if (at++ >= start) items.push(one)
  }
  return { items }
}

function position(token: string, query: unknown): number | undefined {
  const [print, at] = Buffer.from(token, 'base64url').toString().split(':')
  const start = Number(at)
  return print === fingerprint(query) && Number.isInteger(start) && start > 0 ? start : undefined
}
