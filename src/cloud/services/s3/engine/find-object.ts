/** Finding the object version a request names, with the errors and the permissions of reading. */

import type { ConditionContext } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { bucketKind, type ObjectInput, objectKind } from '../kinds.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import { invalidArgument, noSuchKey, noSuchVersion } from './errors.ts'
import { foundBucket } from './find-bucket.ts'

/** Asks for reading an object. AWS: `s3:GetObjectVersion` takes the place of `s3:GetObject` when a version is named. */
export function readAccess(
  ctx: Context,
  bucket: Bucket,
  input: ObjectInput,
  action: { plain: string; version: string },
  more: ConditionContext = {},
): AccessRequest {
  const { VersionId } = input
  const name = VersionId === undefined ? action.plain : action.version
  const context = VersionId === undefined ? more : { ...more, 's3:VersionId': VersionId }
  return objectKind.on(ctx, name, [bucket, input], context)
}

/** Errors: InvalidArgument for what cannot be a version id. */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || /^(null|[\w.-]{32})$/.test(versionId)) return
  throw invalidArgument('Invalid version id specified', 'versionId', versionId)
}

/**
 * Gives the object version a reading request names.
 * Errors: NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker named by its id.
 * AWS: who may not list the bucket is told AccessDenied, and so does not learn whether the key exists.
 */
export async function findObject(ctx: Context, bucket: Bucket, input: ObjectInput): Promise<ObjectVersion> {
  const { Key, VersionId } = input
  checkVersionId(VersionId)
  const version = objectKind.lookUp(ctx, [bucket, input])
  if (!version) {
    await ctx.authorize([bucketKind.onFound(ctx, 'ListBucket', foundBucket(bucket))])
    throw VersionId === undefined ? noSuchKey(Key) : noSuchVersion(Key, VersionId)
  }
  if (!version.deleteMarker) return version
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId }
  if (VersionId === undefined) throw noSuchKey(Key, headers)
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    fields: { Method: 'GET', ResourceType: 'DeleteMarker' },
    headers: { ...headers, allow: 'DELETE', 'last-modified': new Date(version.modified).toUTCString() },
  })
}
