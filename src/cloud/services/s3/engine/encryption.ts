/** Server-side encryption: which one an object gets, and its data key from KMS under the caller's own permissions. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Algorithm, Bucket, Encryption } from '../state.ts'
import { accessDenied, invalidArgument } from './errors.ts'
import { bucketArn, objectArn } from './find-bucket.ts'

/** AWS: with `aws:kms` and no key the AWS managed key of the requester's account is meant; KMS makes it on demand. */
const MANAGED_KEY = 'alias/aws/s3'

export interface EncryptionInput {
  readonly ServerSideEncryption?: string
  readonly SSEKMSKeyId?: string
  readonly SSEKMSEncryptionContext?: string
  readonly BucketKeyEnabled?: boolean
}

export interface Sealed {
  readonly encryption: Encryption
  /** The data key in clear; absent for AES256, whose bodies S3 keeps to itself. */
  readonly dataKey?: Uint8Array
}

const PLAIN: Sealed = { encryption: { algorithm: 'AES256' } }

interface Wanted {
  readonly algorithm: Algorithm
  readonly key: string
  readonly bucketKey: boolean
}

/**
 * Gives the encryption for a new object: what the request asks for, else the bucket's default.
 * Errors: InvalidArgument for contradictory headers; KMS's errors as S3 tells them.
 */
export async function seal(
  ctx: Context,
  bucket: Bucket,
  key: string,
  input: EncryptionInput,
): Promise<Sealed> {
  const { algorithm, key: keyId, bucketKey } = wanted(bucket, input)
  if (algorithm === 'AES256') return PLAIN
  requireSignature(ctx)
  const arn = bucketKey ? bucketArn(bucket.name) : objectArn(bucket.name, key)
  const context = { ...requestedContext(input.SSEKMSEncryptionContext), 'aws:s3:arn': arn }
  const { Plaintext, CiphertextBlob, KeyId } = await asS3(
    ctx.call(
      'kms',
      'GenerateDataKey',
      { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context },
      { region: bucket.region },
    ),
  )
  return {
    encryption: {
      algorithm,
      keyArn: KeyId!,
      wrappedKey: CiphertextBlob!,
      context,
      requested: input.SSEKMSEncryptionContext,
      bucketKey,
    },
    dataKey: Plaintext,
  }
}

function wanted(bucket: Bucket, input: EncryptionInput): Wanted {
  const { ServerSideEncryption: asked, SSEKMSKeyId: keyId } = input
  const byDefault = bucket.encryption
  const bucketKey = input.BucketKeyEnabled ?? byDefault.bucketKey
  if (asked === undefined) {
    if (keyId !== undefined) throw keyWithoutKms(keyId)
    return { algorithm: byDefault.algorithm, key: byDefault.key ?? MANAGED_KEY, bucketKey }
  }
  if (asked !== 'AES256' && asked !== 'aws:kms' && asked !== 'aws:kms:dsse')
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      asked,
    )
  if (asked === 'AES256' && keyId !== undefined) throw keyWithoutKms(keyId)
  return { algorithm: asked, key: keyId ?? MANAGED_KEY, bucketKey: asked === 'aws:kms' && bucketKey }
}

const keyWithoutKms = (keyId: string): AwsError =>
  invalidArgument(
    'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id',
    keyId,
  )

/** The header is base64 of a JSON object of strings. */
function requestedContext(header: string | undefined): Record<string, string> {
  if (header === undefined) return {}
  try {
    const parsed = JSON.parse(Buffer.from(header, 'base64').toString()) as Record<string, unknown>
    const isMap = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    if (isMap && Object.values(parsed).every((value) => typeof value === 'string'))
      return parsed as Record<string, string>
  } catch {}
  throw invalidArgument(
    'The header x-amz-server-side-encryption-context shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map',
    'x-amz-server-side-encryption-context',
    header,
  )
}

/** Gives the data key of a stored object as the caller may have it; undefined where none is needed. */
export async function openKey(
  ctx: Context,
  bucket: Bucket,
  encryption: Encryption,
): Promise<Uint8Array | undefined> {
  if (encryption.algorithm === 'AES256') return undefined
  requireSignature(ctx)
  const { wrappedKey, context } = encryption
  const { Plaintext } = await asS3(
    ctx.call(
      'kms',
      'Decrypt',
      { CiphertextBlob: wrappedKey, EncryptionContext: { ...context } },
      { region: bucket.region },
    ),
  )
  return Plaintext
}

/** AWS: nobody gets at KMS without saying who it is, however public the bucket. */
function requireSignature({ identity }: Context): void {
  if (identity.kind === 'anonymous')
    throw invalidArgument(
      'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
    )
}

/** AWS: a denial by KMS is answered with KMS's message as S3's AccessDenied, other errors under a `KMS.` code. */
async function asS3<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    if (error.code === 'AccessDeniedException') throw accessDenied(error.message)
    throw new AwsError(`KMS.${error.code}`, error.message, { status: error.status < 500 ? 400 : 500 })
  }
}

/** The answer's members that tell how an object is encrypted. */
export function encryptionFields(encryption: Encryption): {
  ServerSideEncryption: Algorithm
  SSEKMSKeyId?: string
  BucketKeyEnabled?: boolean
} {
  if (encryption.algorithm === 'AES256') return { ServerSideEncryption: 'AES256' }
  return {
    ServerSideEncryption: encryption.algorithm,
    SSEKMSKeyId: encryption.keyArn,
    ...(encryption.bucketKey && { BucketKeyEnabled: true }),
  }
}

/** Condition keys of a request that asks for an encryption. */
export function encryptionConditions(input: EncryptionInput): Record<string, string> {
  return {
    ...(input.ServerSideEncryption && { 's3:x-amz-server-side-encryption': input.ServerSideEncryption }),
    ...(input.SSEKMSKeyId && { 's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId }),
  }
}
