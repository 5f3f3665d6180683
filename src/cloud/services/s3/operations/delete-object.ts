/** s3:DeleteObject and s3:DeleteObjects: delete markers, and versions removed for good. */
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { checkWrite } from '../engine/conditions.ts'
import { malformedXml } from '../engine/errors.ts'
import { announceDeleted } from '../engine/events.ts'
import { checkVersionId } from '../engine/find-object.ts'
import { addDeleteMarker, removeVersion } from '../engine/write-object.ts'
import { bucketKind, onKey } from '../kinds.ts'
import type { Bucket } from '../state.ts'

interface Target {
  readonly Key: string
  readonly VersionId?: string
  readonly IfMatch?: string
}

interface Deleted {
  readonly deleteMarker: boolean
  readonly versionId?: string
}

const unsupported = ['MFA', 'BypassGovernanceRetention', 'IfMatchLastModifiedTime', 'IfMatchSize']
const ofDirectoryBuckets = ['ETag', 'LastModifiedTime', 'Size']

/** AWS: removing one version takes `s3:DeleteObjectVersion`, deleting whatever is current `s3:DeleteObject`. */
function deleteAccess(ctx: Context, bucket: Bucket, { Key, VersionId, IfMatch }: Target): AccessRequest[] {
  const context = {
    ...(VersionId !== undefined && { 's3:VersionId': VersionId }),
    ...(IfMatch !== undefined && { 's3:if-match': IfMatch }),
  }
  const action = VersionId === undefined ? 'DeleteObject' : 'DeleteObjectVersion'
  const requests = [onKey(ctx, action, bucket, Key, context)]
  if (IfMatch !== undefined) requests.push(onKey(ctx, 'GetObject', bucket, Key, context))
  return requests
}

export const deleteObject = operation({
  service: 's3',
  name: 'DeleteObject',
  access: (input, ctx) => deleteAccess(ctx, bucketKind.find(ctx, input), input),
  run: (input, ctx) => {
    refuseUnsupported(input, unsupported)
    const { deleteMarker, versionId } = remove(ctx, bucketKind.find(ctx, input), input)
    return { ...(deleteMarker && { DeleteMarker: true }), VersionId: versionId }
  },
})

function remove(ctx: Context, bucket: Bucket, target: Target): Deleted {
  const { Key, VersionId } = target
  const objects = objectsOf(ctx.cloud, bucket.name)
  checkVersionId(VersionId)
  if (target.IfMatch !== undefined) checkWrite(objects, Key, { IfMatch: target.IfMatch })
  if (VersionId !== undefined || bucket.versioning === undefined) {
    const version = objects.version(Key, VersionId ?? 'null')
    if (version) {
      removeVersion(ctx, bucket, version)
      announceDeleted(ctx, bucket, version, 'Delete')
    }
    return { deleteMarker: version?.deleteMarker ?? false, versionId: VersionId }
  }
  const marker = addDeleteMarker(ctx, bucket, Key)
  announceDeleted(ctx, bucket, marker, 'DeleteMarkerCreated')
  return { deleteMarker: true, versionId: marker.versionId }
}

export const deleteObjects = operation({
  service: 's3',
  name: 'DeleteObjects',
  access: (input, ctx) => {
    // AWS: each key is authorized for itself, and a denied one is an entry of the answer.
    bucketKind.find(ctx, input)
    return []
  },
  run: async (input, ctx) => {
    refuseUnsupported(input, unsupported)
    const targets = input.Delete.Objects
    if (targets.length === 0 || targets.length > 1000) throw malformedXml()
    for (const target of targets) refuseUnsupported(target, ofDirectoryBuckets)
    const bucket = bucketKind.find(ctx, input)
    const Deleted: object[] = []
    const Errors: object[] = []
    for (const target of targets) {
      const { Key, VersionId } = target
      try {
        await ctx.authorize(deleteAccess(ctx, bucket, target))
        const { deleteMarker, versionId } = remove(ctx, bucket, target)
        if (!input.Delete.Quiet)
          Deleted.push({
            Key,
            VersionId,
            ...(deleteMarker && { DeleteMarker: true, DeleteMarkerVersionId: versionId }),
          })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        Errors.push({ Key, VersionId, Code: error.code, Message: error.message })
      }
    }
    return { Deleted, Errors }
  },
})
