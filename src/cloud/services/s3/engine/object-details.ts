/** What a request to write an object says of it besides its bytes: checked, and in the form it is stored in. */

import type { ConditionContext } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { onKey } from '../kinds.ts'
import type { Bucket, ObjectDetails, SystemMetadata } from '../state.ts'
import { type AclInput, checkObjectAcl, grantMembers, ownerOf } from './acl.ts'
import { type EncryptionInput, encryptionConditions } from './encryption.ts'
import { tagConditions, tagsOfHeader } from './object-tags.ts'

export interface WriteInput extends EncryptionInput, AclInput, SystemMetadata {
  readonly Key: string
  readonly Metadata?: Record<string, string>
  readonly StorageClass?: string
  readonly Tagging?: string
}

const KEY_LIMIT = 1024
const METADATA_LIMIT = 2048
const CLASSES = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
]
/** Need RestoreObject before they can be read, which the cloud does not have. */
const ARCHIVES = [
  'GLACIER',
  'DEEP_ARCHIVE',
  'OUTPOSTS',
  'SNOW',
  'EXPRESS_ONEZONE',
  'FSX_OPENZFS',
  'FSX_ONTAP',
]

export const sseCustomerMembers = ['SSECustomerAlgorithm', 'SSECustomerKey', 'SSECustomerKeyMD5'] as const
const unsupported = [
  ...sseCustomerMembers,
  'ObjectLockMode',
  'ObjectLockRetainUntilDate',
  'ObjectLockLegalHoldStatus',
  'WriteOffsetBytes',
]

/** Gives what is stored of the request, apart from encryption. Errors: S3's for what is wrong or not supported. */
export function writeDetails(
  ctx: Context,
  bucket: Bucket,
  input: WriteInput,
): Omit<ObjectDetails, 'encryption'> {
  refuseUnsupported(input, unsupported)
  if (Buffer.byteLength(input.Key) > KEY_LIMIT)
    throw new AwsError('KeyTooLongError', 'Your key is too long', {
      fields: { Size: Buffer.byteLength(input.Key), MaxSizeAllowed: KEY_LIMIT },
    })
  checkObjectAcl(bucket, input)
  return {
    system: systemMetadata(input),
    metadata: userMetadata(input.Metadata),
    storageClass: storageClass(input.StorageClass),
    tags: tagsOfHeader(input.Tagging),
    ...ownerOf(ctx, bucket, input),
  }
}

const SYSTEM = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
  'WebsiteRedirectLocation',
] as const

/** Shared by the many objects that say nothing special. */
const PLAIN: SystemMetadata = { ContentType: 'binary/octet-stream' }
const NO_METADATA = {}

function systemMetadata(input: WriteInput): SystemMetadata {
  const given = SYSTEM.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])
  if (given.length === 0 && input.ContentType === undefined) return PLAIN
  return {
    ...PLAIN,
    ...(input.ContentType && { ContentType: input.ContentType }),
    ...Object.fromEntries(given),
  }
}

function userMetadata(metadata: Record<string, string> | undefined): Record<string, string> {
  if (metadata === undefined) return NO_METADATA
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )
  if (size > METADATA_LIMIT)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      fields: { Size: size, MaxSizeAllowed: METADATA_LIMIT },
    })
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]))
}

function storageClass(asked = 'STANDARD'): string {
  if (CLASSES.includes(asked)) return asked
  if (ARCHIVES.includes(asked))
    refuseUnsupported({ [`StorageClass ${asked}`]: asked }, [`StorageClass ${asked}`])
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid')
}

/**
 * Asks for what writing an object takes.
 * AWS: s3:PutObject; tags in the request ask for s3:PutObjectTagging, an ACL for s3:PutObjectAcl,
 * If-Match for s3:GetObject.
 */
export function writeAccess(
  ctx: Context,
  bucket: Bucket,
  input: WriteInput & { IfMatch?: string; IfNoneMatch?: string },
  more: ConditionContext = {},
): AccessRequest[] {
  const tags = tagsOfHeader(input.Tagging)
  const context = {
    ...more,
    ...encryptionConditions(input),
    ...tagConditions(tags),
    ...(input.ACL && { 's3:x-amz-acl': input.ACL }),
    ...(input.StorageClass && { 's3:x-amz-storage-class': input.StorageClass }),
    ...(input.WebsiteRedirectLocation && {
      's3:x-amz-website-redirect-location': input.WebsiteRedirectLocation,
    }),
    ...(input.IfMatch && { 's3:if-match': input.IfMatch }),
    ...(input.IfNoneMatch && { 's3:if-none-match': input.IfNoneMatch }),
  }
  const ask = (action: string) => onKey(ctx, action, bucket, input.Key, context)
  const requests = [ask('PutObject')]
  if (tags.length > 0) requests.push(ask('PutObjectTagging'))
  const hasAcl = input.ACL !== undefined || grantMembers.some((name) => Object.hasOwn(input, name))
  if (hasAcl) requests.push(ask('PutObjectAcl'))
  if (input.IfMatch !== undefined) requests.push(ask('GetObject'))
  return requests
}
