/** s3:ListObjectVersions: every version and delete marker, newest first within a key. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { invalidArgument } from '../engine/errors.ts'
import { keyEncoder, pageSize, walk } from '../engine/listing.ts'
import { bucketKind } from '../kinds.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { canonicalUser } from './buckets.ts'
import { type ListInput, listAccess, listed } from './list-objects.ts'

type Entry = { readonly version: ObjectVersion; readonly isLatest: boolean } | { readonly prefix: string }
type Input = ListInput & { readonly KeyMarker?: string; readonly VersionIdMarker?: string }

/** AWS: a page goes on behind the key marker, or behind one version of it. */
function* entries(ctx: Context, bucket: Bucket, input: Input): Generator<Entry> {
  const objects = objectsOf(ctx.cloud, bucket.name)
  const { KeyMarker: after, VersionIdMarker: behind } = input
  const asked = {
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter ?? '',
    after: after === '' ? undefined : after,
    inclusive: behind !== undefined,
  }
  for (const step of walk(objects, asked, () => true)) {
    if ('commonPrefix' in step) {
      yield { prefix: step.commonPrefix }
      continue
    }
    const versions = objects.versions(step.key)
    const isResumed = behind !== undefined && step.key === after
    const start = isResumed ? versions.findIndex((one) => one.versionId === behind) + 1 : 0
    for (const version of versions.slice(start)) yield { version, isLatest: version === versions[0] }
  }
}

export const listObjectVersions = operation({
  service: 's3',
  name: 'ListObjectVersions',
  access: (input, ctx) => listAccess(ctx, input, 'ListBucketVersions'),
  run: (input, ctx) => {
    const { KeyMarker, VersionIdMarker } = input
    if (VersionIdMarker && !KeyMarker)
      throw invalidArgument(
        'A version-id marker cannot be specified without a key marker.',
        'version-id-marker',
        VersionIdMarker,
      )
    const limit = pageSize(input.MaxKeys)
    const encode = keyEncoder(input.EncodingType)
    const { found, truncated } = page(entries(ctx, bucketKind.find(ctx, input), input), limit)
    const versions = found.flatMap((entry) => ('version' in entry ? [entry] : []))
    const live = versions.filter(({ version }) => !version.deleteMarker)
    const markers = versions.filter(({ version }) => version.deleteMarker)
    return {
      Name: input.Bucket,
      Prefix: encode(input.Prefix ?? ''),
      Delimiter: input.Delimiter === undefined ? undefined : encode(input.Delimiter),
      KeyMarker: encode(KeyMarker ?? ''),
      VersionIdMarker: VersionIdMarker ?? '',
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      IsTruncated: truncated,
      ...(truncated && nextMarkers(found.at(-1)!, encode)),
      Versions: live.map(({ version, isLatest }) => ({
        ...listed(version, encode, { owner: true }),
        VersionId: version.versionId,
        IsLatest: isLatest,
      })),
      DeleteMarkers: markers.map(({ version, isLatest }) => ({
        Key: encode(version.key),
        VersionId: version.versionId,
        IsLatest: isLatest,
        LastModified: new Date(version.modified),
        Owner: { ID: canonicalUser(version.owner) },
      })),
      CommonPrefixes: found.flatMap((entry) => ('prefix' in entry ? [{ Prefix: encode(entry.prefix) }] : [])),
    }
  },
})

function page(all: Generator<Entry>, limit: number): { found: Entry[]; truncated: boolean } {
  const found: Entry[] = []
  if (limit === 0) return { found, truncated: false }
  for (const entry of all) {
    if (found.length === limit) return { found, truncated: true }
    found.push(entry)
  }
  return { found, truncated: false }
}

const nextMarkers = (last: Entry, encode: (text: string) => string) =>
  'prefix' in last
    ? { NextKeyMarker: encode(last.prefix) }
    : { NextKeyMarker: encode(last.version.key), NextVersionIdMarker: last.version.versionId }
