/** The source of a copy: what the request names, the permissions it takes, and its bytes. */
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { bucketKind, objectKind } from '../kinds.ts'
import type { Bucket, ObjectVersion } from '../state.ts'
import type { ReadConditions } from './conditions.ts'
import { openKey } from './encryption.ts'
import { invalidArgument, invalidRequest } from './errors.ts'
import { findObject, readAccess } from './find-object.ts'
import { PUT_LIMIT } from './store-body.ts'
import { shownVersionId } from './write-object.ts'

export interface CopyInput {
  readonly CopySource: string
  readonly ExpectedSourceBucketOwner?: string
  readonly CopySourceIfMatch?: string
  readonly CopySourceIfNoneMatch?: string
  readonly CopySourceIfModifiedSince?: Date
  readonly CopySourceIfUnmodifiedSince?: Date
}

export interface CopySource {
  readonly bucket: Bucket
  readonly version: ObjectVersion
  /** The data key that opens the bytes. */
  readonly key?: Uint8Array
  readonly versionId?: string
}

interface Named {
  readonly Bucket: string
  readonly Key: string
  readonly VersionId?: string
}

/** Reads `bucket/key?versionId=…`, percent-encoded. Errors: InvalidArgument. */
export function parseCopySource(header: string): Named {
  if (header.startsWith('arn:'))
    refuseUnsupported({ 'CopySource with an ARN': header }, ['CopySource with an ARN'])
  const [, path, VersionId] = /^\/?(.*?)(?:\?versionId=([^?]*))?$/s.exec(header)!
  let decoded: string | undefined
  try {
    decoded = decodeURIComponent(path!)
  } catch {}
  const slash = decoded?.indexOf('/') ?? -1
  if (decoded === undefined || slash <= 0 || slash === decoded.length - 1)
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      header,
    )
  return { Bucket: decoded.slice(0, slash), Key: decoded.slice(slash + 1), VersionId: VersionId || undefined }
}

/** AWS: the source may lie in another region than the request. */
function sourceBucket(ctx: Context, input: CopyInput, named: Named): Bucket {
  const ExpectedBucketOwner = input.ExpectedSourceBucketOwner
  return bucketKind.find(ctx, { Bucket: named.Bucket, ExpectedBucketOwner, anyRegion: true })
}

/** Asks for reading the source, and its tags too when they are to be copied. */
export function copySourceAccess(
  ctx: Context,
  input: CopyInput,
  options: { tags?: boolean } = {},
): AccessRequest[] {
  const named = parseCopySource(input.CopySource)
  const bucket = sourceBucket(ctx, input, named)
  const requests = [readAccess(ctx, bucket, named, { plain: 'GetObject', version: 'GetObjectVersion' })]
  if (options.tags && objectKind.lookUp(ctx, [bucket, named])?.tags.length)
    requests.push(
      readAccess(ctx, bucket, named, { plain: 'GetObjectTagging', version: 'GetObjectVersionTagging' }),
    )
  return requests
}

/** The conditions on the source, under the names that reading has for them. */
export const copySourceConditions = (input: CopyInput): ReadConditions => ({
  IfMatch: input.CopySourceIfMatch,
  IfNoneMatch: input.CopySourceIfNoneMatch,
  IfModifiedSince: input.CopySourceIfModifiedSince,
  IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
})

/** Gives the source with its data key. Errors: those of reading it; InvalidRequest beyond 5 GiB. */
export async function openCopySource(ctx: Context, input: CopyInput): Promise<CopySource> {
  const named = parseCopySource(input.CopySource)
  const bucket = sourceBucket(ctx, input, named)
  const version = await findSource(ctx, bucket, named)
  if (version.size > PUT_LIMIT)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${PUT_LIMIT}`,
    )
  const key = await openKey(ctx, bucket, version.encryption)
  return { bucket, version, key, versionId: shownVersionId(bucket, version) }
}

async function findSource(ctx: Context, bucket: Bucket, named: Named): Promise<ObjectVersion> {
  try {
    return await findObject(ctx, bucket, named)
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'MethodNotAllowed') throw error
    throw invalidRequest(
      'The source of a copy request may not specifically refer to a delete marker by version id.',
    )
  }
}
