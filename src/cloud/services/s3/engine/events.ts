/** Tells of changed objects: EventBridge's default bus, and the Lambda functions and SNS topics that a bucket names. */
import type { Context } from '../../../kernel/context.ts'
import { objectCreated } from '../../../kernel/service-events.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { bucketArn } from './find-bucket.ts'
import { notifyDestinations, sequencer } from './notify.ts'

export type Creation = 'Put' | 'Copy' | 'CompleteMultipartUpload'
export type Deletion = 'Delete' | 'DeleteMarkerCreated'

/** AWS: EventBridge names the API call that created the object. */
const REASONS = { Put: 'PutObject', Copy: 'CopyObject', CompleteMultipartUpload: 'CompleteMultipartUpload' }

/** Tells that an object was written. */
export function announceCreated(ctx: Context, bucket: Bucket, version: ObjectVersion, how: Creation): void {
  const created = { ...objectOf(version), size: version.size, etag: version.etag }
  ctx.cloud.bus.emit(objectCreated, { bucket: bucket.name, key: version.key, region: bucket.region })
  announce(ctx, bucket, 'Object Created', { object: created, reason: REASONS[how] })
  notifyDestinations(ctx, bucket, version, `ObjectCreated:${how}`)
}

/** Tells that a version was removed, or hidden under a delete marker. */
export function announceDeleted(ctx: Context, bucket: Bucket, version: ObjectVersion, how: Deletion): void {
  const type = how === 'Delete' ? 'Permanently Deleted' : 'Delete Marker Created'
  announce(ctx, bucket, 'Object Deleted', {
    object: objectOf(version),
    reason: 'DeleteObject',
    'deletion-type': type,
  })
  notifyDestinations(ctx, bucket, version, `ObjectRemoved:${how}`)
}

/** Tells that the tags of a version were put or deleted. */
export function announceTagging(
  ctx: Context,
  bucket: Bucket,
  version: ObjectVersion,
  how: 'Put' | 'Delete',
): void {
  const detailType = how === 'Put' ? 'Object Tags Added' : 'Object Tags Deleted'
  announce(ctx, bucket, detailType, { object: { ...objectOf(version), etag: version.etag } })
  notifyDestinations(ctx, bucket, version, `ObjectTagging:${how}`)
}

const objectOf = (version: ObjectVersion) => ({
  key: version.key,
  ...(version.versionId !== 'null' && { 'version-id': version.versionId }),
  sequencer: sequencer(version),
})

/** As the bucket's owner: events belong to the bucket's account and region, whoever called. */
const asOwner = (ctx: Context, bucket: Bucket): Context =>
  ctx.as(ctx.identity, { account: bucket.account, region: bucket.region })

function announce(ctx: Context, bucket: Bucket, detailType: string, detail: Record<string, unknown>): void {
  if (!bucket.configurations.notification?.EventBridgeConfiguration) return
  asOwner(ctx, bucket).publish({
    source: 'aws.s3',
    detailType,
    resources: [bucketArn(bucket.name)],
    detail: {
      version: '0',
      bucket: { name: bucket.name },
      ...detail,
      'request-id': ctx.requestId,
      requester: ctx.identity.service ?? ctx.account,
      ...(ctx.conditions['aws:SourceIp'] && { 'source-ip-address': ctx.conditions['aws:SourceIp'] }),
    },
  })
}
