/** Conditional requests: If-Match and its kin, for reading, for writing, and for the source of a copy. */
import { AwsError } from '../../../../model/index.ts'
import type { ObjectVersion } from '../state.ts'
import type { BucketObjects } from './bucket-objects.ts'
import { invalidRequest, noSuchKey, preconditionFailed } from './errors.ts'

export interface ReadConditions {
  readonly IfMatch?: string
  readonly IfNoneMatch?: string
  readonly IfModifiedSince?: Date
  readonly IfUnmodifiedSince?: Date
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)

/** Whether a header's list of entity tags, quoted or not, names this one. */
function names(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const tag = one
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1')
    return tag === '*' || tag === etag
  })
}

/** Gives the condition that does not hold. AWS: an entity tag that is asked for outweighs the time of its kind. */
function failedCondition(version: ObjectVersion, asked: ReadConditions): 'match' | 'none-match' | undefined {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = asked
  const modified = seconds(version.modified)
  if (IfMatch !== undefined) {
    if (!names(IfMatch, version.etag)) return 'match'
  } else if (IfUnmodifiedSince && modified > seconds(IfUnmodifiedSince.getTime())) return 'match'
  if (IfNoneMatch !== undefined) {
    if (names(IfNoneMatch, version.etag)) return 'none-match'
  } else if (IfModifiedSince && modified <= seconds(IfModifiedSince.getTime())) return 'none-match'
  return undefined
}

/** Errors: 412 PreconditionFailed, 304 NotModified. */
export function checkRead(version: ObjectVersion, asked: ReadConditions): void {
  const failed = failedCondition(version, asked)
  if (failed === 'match')
    throw preconditionFailed(asked.IfMatch === undefined ? 'If-Unmodified-Since' : 'If-Match')
  if (failed === 'none-match')
    throw new AwsError('NotModified', 'Not Modified', {
      status: 304,
      headers: { etag: `"${version.etag}"`, 'last-modified': new Date(version.modified).toUTCString() },
    })
}

/** AWS: a copy whose source does not meet a condition always fails with 412. */
export function checkCopySource(version: ObjectVersion, asked: ReadConditions): void {
  const failed = failedCondition(version, asked)
  if (failed === 'match')
    throw preconditionFailed(
      asked.IfMatch === undefined ? 'x-amz-copy-source-If-Unmodified-Since' : 'x-amz-copy-source-If-Match',
    )
  if (failed === 'none-match')
    throw preconditionFailed(
      asked.IfNoneMatch === undefined
        ? 'x-amz-copy-source-If-Modified-Since'
        : 'x-amz-copy-source-If-None-Match',
    )
}

/** AWS: `If-None-Match: *` writes only a key that has no object, `If-Match` replaces only the object it names. */
export function checkWrite(
  objects: BucketObjects,
  key: string,
  asked: { IfMatch?: string; IfNoneMatch?: string },
): void {
  const { IfMatch, IfNoneMatch } = asked
  if (IfMatch === undefined && IfNoneMatch === undefined) return
  const latest = objects.latest(key)
  const current = latest?.deleteMarker ? undefined : latest
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*')
      throw new AwsError(
        'NotImplemented',
        'A header you provided implies functionality that is not implemented',
        {
          status: 501,
          fields: { Header: 'If-None-Match' },
        },
      )
    if (IfMatch !== undefined) throw invalidRequest('If-Match and If-None-Match cannot be used together.')
    if (current) throw preconditionFailed('If-None-Match')
    return
  }
  if (!current) throw noSuchKey(key)
  if (!names(IfMatch!, current.etag)) throw preconditionFailed('If-Match')
}
