/** Putting object versions into a bucket and taking them out, by its versioning state. */
import type { Context } from '../../../kernel/context.ts'
import type { Bucket, ObjectDetails, ObjectVersion, Segment } from '../state.ts'
import { bodiesOf } from './bodies.ts'
import { type BucketObjects, objectsOf } from './bucket-objects.ts'
import type { StoredBody } from './store-body.ts'

export type NewObject = ObjectDetails & Pick<ObjectVersion, 'key'>
export type NewBody = Pick<ObjectVersion, 'size' | 'etag' | 'segments' | 'checksum'>

/** AWS: a versioned bucket gives each version an id of its own, others keep one version called `null`. */
const newVersionId = (ctx: Context, bucket: Bucket): string =>
  bucket.versioning === 'Enabled' ? ctx.cloud.ids.mixed(32) : 'null'

/** Puts an object with a body of one piece on top of its key. */
export function addVersion(
  ctx: Context,
  bucket: Bucket,
  object: NewObject,
  { segment, etag, checksum }: StoredBody,
): ObjectVersion {
  const { size } = segment
  const segments = size > 0 ? [segment] : []
  return addComposedVersion(ctx, bucket, object, { size, etag, segments, ...(checksum && { checksum }) })
}

/** Puts an object on top of its key. */
export function addComposedVersion(
  ctx: Context,
  bucket: Bucket,
  object: NewObject,
  body: NewBody,
): ObjectVersion {
  const objects = objectsOf(ctx.cloud, bucket.name)
  const version = { ...object, ...body, ...stamp(ctx, objects, bucket), deleteMarker: false }
  const replaced = objects.add(version)
  if (replaced) discard(ctx, replaced.segments)
  return version
}

function stamp(
  ctx: Context,
  objects: BucketObjects,
  bucket: Bucket,
): Pick<ObjectVersion, 'versionId' | 'sequence' | 'modified'> {
  const modified = ctx.cloud.clock.now()
  return { versionId: newVersionId(ctx, bucket), sequence: objects.nextSequence(modified), modified }
}

/** Hides a key under a delete marker. */
export function addDeleteMarker(ctx: Context, bucket: Bucket, key: string): ObjectVersion {
  const objects = objectsOf(ctx.cloud, bucket.name)
  const marker: ObjectVersion = {
    key,
    ...stamp(ctx, objects, bucket),
    deleteMarker: true,
    size: 0,
    etag: '',
    segments: [],
    encryption: { algorithm: 'AES256' },
    system: {},
    metadata: {},
    storageClass: 'STANDARD',
    tags: [],
    owner: bucket.account,
  }
  const replaced = objects.add(marker)
  if (replaced) discard(ctx, replaced.segments)
  return marker
}

/** Removes a version for good. */
export function removeVersion(ctx: Context, bucket: Bucket, version: ObjectVersion): void {
  objectsOf(ctx.cloud, bucket.name).remove(version)
  discard(ctx, version.segments)
}

/** Removes body files once the records that named them are gone from disk too. */
export function discard(ctx: Context, segments: readonly Segment[]): void {
  if (!segments.some(({ file }) => file !== undefined)) return
  ctx.spawn('removes bodies', async ({ cloud }) => {
    await cloud.store.flush()
    await bodiesOf(cloud).remove(segments)
  })
}

/** What answers tell of a version's id: nothing in a bucket that was never versioned. */
export const shownVersionId = (bucket: Bucket, version: { versionId: string }): string | undefined =>
  bucket.versioning === undefined ? undefined : version.versionId
