/** Lists cut into pages. */
import { paginate } from '../../../kernel/pagination.ts'
import { invalidInput } from './refusal.ts'

/** AWS: no more than this, also where less is not asked for. */
const LIMIT = 20

/** Gives a page of a list and its token. `query` is what else was asked for. Errors: InvalidInputException. */
export function page<T>(
  all: readonly T[],
  { NextToken, MaxResults }: { readonly NextToken?: string; readonly MaxResults?: number },
  ...query: readonly string[]
): { items: T[]; NextToken?: string } {
  const { items, nextToken } = paginate(all, {
    token: NextToken,
    limit: MaxResults ?? LIMIT,
    query,
    error: () => invalidInput('INVALID_NEXT_TOKEN'),
  })
  return { items, NextToken: nextToken }
}
