/** KMS's lists in pages: Marker, Limit, Truncated. */
import { AwsError } from '../../../../model/index.ts'
import { paginate } from '../../../kernel/pagination.ts'

interface PageRequest {
  readonly Marker?: string
  readonly Limit?: number
}

/** Gives one page of a list and the members that belong to it. AWS: 50 items unless asked. */
export function pageOf<T>(
  input: PageRequest,
  all: readonly T[],
): { items: T[]; rest: { Truncated: boolean; NextMarker?: string } } {
  const { Marker: token, Limit: limit = 50, ...query } = input
  const error = () => new AwsError('InvalidMarkerException', 'Could not deserialize marker')
  const { items, nextToken } = paginate(all, { token, limit, query, error })
  return { items, rest: nextToken ? { Truncated: true, NextMarker: nextToken } : { Truncated: false } }
}
