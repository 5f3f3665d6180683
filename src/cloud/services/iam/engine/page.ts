/** IAM's lists in pages: Marker, MaxItems, IsTruncated. */
import { AwsError } from '../../../../model/index.ts'
import { paginate } from '../../../kernel/pagination.ts'

export interface PageRequest {
  readonly Marker?: string
  readonly MaxItems?: number
}

/** Gives one page of a list; the page's own members are to be spread into the output. AWS: 100 items unless asked. */
export function page<T>(
  input: PageRequest,
  all: readonly T[],
): { items: T[]; rest: { IsTruncated: boolean; Marker?: string } } {
  const { Marker: token, MaxItems: limit = 100, ...query } = input
  const error = () => new AwsError('ValidationError', 'Invalid Marker.')
  const { items, nextToken } = paginate(all, { token, limit, query, error })
  return { items, rest: nextToken ? { IsTruncated: true, Marker: nextToken } : { IsTruncated: false } }
}

/** Gives one page of the tags of an entity. */
export function pageOfTags(all: unknown, input: PageRequest): Readonly<Record<string, unknown>> {
  const { items, rest } = page(input, all as object[])
  return { Tags: items, ...rest }
}

/** Gives a list sorted by name, as IAM lists its entities. */
export const byName = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
  [...list].sort((a, b) => (a.name < b.name ? -1 : 1))

/** Gives a policy document as IAM sends it. AWS: percent-encoded as RFC 3986 wants. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
