/** s3:ListObjectsV2 and s3:ListObjects: the current objects of a bucket, in UTF-8 order of their keys. */
import { createHash } from 'node:crypto'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { invalidArgument } from '../engine/errors.ts'
import { keyEncoder, pageSize, walk } from '../engine/listing.ts'
import { bucketKind } from '../kinds.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { canonicalUser } from './buckets.ts'

export interface ListInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
  readonly Prefix?: string
  readonly Delimiter?: string
  readonly MaxKeys?: number
}

/** AWS: listing is one permission on the bucket, narrowed by the prefix, delimiter and page size asked for. */
export function listAccess(ctx: Context, input: ListInput, action: string): AccessRequest[] {
  const context = {
    ...(input.Prefix !== undefined && { 's3:prefix': input.Prefix }),
    ...(input.Delimiter !== undefined && { 's3:delimiter': input.Delimiter }),
    ...(input.MaxKeys !== undefined && { 's3:max-keys': String(input.MaxKeys) }),
  }
  return [bucketKind.on(ctx, action, input, context)]
}

interface Page {
  readonly versions: ObjectVersion[]
  readonly prefixes: string[]
  readonly truncated: boolean
  /** The last key or common prefix of the page. */
  readonly last?: string
}

function page(
  ctx: Context,
  bucket: Bucket,
  input: ListInput,
  after: string | undefined,
  limit: number,
): Page {
  const objects = objectsOf(ctx.cloud, bucket.name)
  const current = (key: string) => {
    const latest = objects.latest(key)
    return latest && !latest.deleteMarker ? latest : undefined
  }
  const versions: ObjectVersion[] = []
  const prefixes: string[] = []
  let last: string | undefined
  const asked = { prefix: input.Prefix ?? '', delimiter: input.Delimiter ?? '', after }
  if (limit === 0) return { versions, prefixes, truncated: false }
  for (const step of walk(objects, asked, (key) => current(key) !== undefined)) {
    if (versions.length + prefixes.length === limit) return { versions, prefixes, truncated: true, last }
    if ('key' in step) versions.push(current(step.key)!)
    else prefixes.push(step.commonPrefix)
    last = 'key' in step ? step.key : step.commonPrefix
  }
  return { versions, prefixes, truncated: false, last }
}

/** What every list tells of an object. */
export function listed(
  version: ObjectVersion,
  encode: (text: string) => string,
  options: { owner: boolean },
) {
  const { checksum } = version
  return {
    Key: encode(version.key),
    LastModified: new Date(version.modified),
    ETag: `"${version.etag}"`,
    Size: version.size,
    StorageClass: version.storageClass as never,
    ...(checksum && { ChecksumAlgorithm: [checksum.algorithm as never], ChecksumType: checksum.type }),
    ...(options.owner && { Owner: { ID: canonicalUser(version.owner) } }),
  }
}

const fingerprint = (input: ListInput): string =>
  createHash('sha256')
    .update(JSON.stringify([input.Bucket, input.Prefix, input.Delimiter]))
    .digest('base64url')
    .slice(0, 12)

/** AWS: a continuation token is opaque; here it names the last entry and the query it belongs to. */
function positionOf(token: string, input: ListInput): string {
  const [print, ...rest] = Buffer.from(token, 'base64url').toString().split(':')
  if (print === fingerprint(input)) return rest.join(':')
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
}

const tokenFor = (last: string, input: ListInput): string =>
  Buffer.from(`${fingerprint(input)}:${last}`).toString('base64url')

export const listObjectsV2 = operation({
  service: 's3',
  name: 'ListObjectsV2',
  access: (input, ctx) => listAccess(ctx, input, 'ListBucket'),
  run: (input, ctx) => {
    const { ContinuationToken: token, StartAfter } = input
    const limit = pageSize(input.MaxKeys)
    const encode = keyEncoder(input.EncodingType)
    const after = token === undefined ? StartAfter : positionOf(token, input)
    const { versions, prefixes, truncated, last } = page(
      ctx,
      bucketKind.find(ctx, input),
      input,
      after,
      limit,
    )
    const owner = input.FetchOwner === true
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      KeyCount: versions.length + prefixes.length,
      IsTruncated: truncated,
      ContinuationToken: token,
      NextContinuationToken: truncated ? tokenFor(last!, input) : undefined,
      StartAfter: StartAfter === undefined ? undefined : encode(StartAfter),
      Contents: versions.map((version) => listed(version, encode, { owner })),
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    }
  },
})

export const listObjects = operation({
  service: 's3',
  name: 'ListObjects',
  access: (input, ctx) => listAccess(ctx, input, 'ListBucket'),
  run: (input, ctx) => {
    const { Marker } = input
    const limit = pageSize(input.MaxKeys)
    const encode = keyEncoder(input.EncodingType)
    const after = Marker === '' ? undefined : Marker
    const { versions, prefixes, truncated, last } = page(
      ctx,
      bucketKind.find(ctx, input),
      input,
      after,
      limit,
    )
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      Marker: encode(Marker ?? ''),
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      IsTruncated: truncated,
      // AWS: told only with a delimiter; without one the last key is the marker.
      NextMarker: truncated && input.Delimiter !== undefined ? encode(last!) : undefined,
      Contents: versions.map((version) => listed(version, encode, { owner: true })),
      CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })),
    }
  },
})
