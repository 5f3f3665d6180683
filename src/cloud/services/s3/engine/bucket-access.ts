/** Finding the bucket a request names, and asking for permissions on it and on its objects. */

import type { ConditionContext } from '../../../../iam/index.ts'
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Bucket, bucketTable, type ObjectVersion } from '../state.ts'
import { hasAcls } from './acl.ts'
import { accessDenied, noSuchBucket } from './errors.ts'

export const bucketArn = (bucket: string): Arn => `arn:aws:s3:::${bucket}`
export const objectArn = (bucket: string, key: string): Arn => `arn:aws:s3:::${bucket}/${key}`

interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
}

/**
 * Gives the bucket a request names.
 * Errors: NoSuchBucket; PermanentRedirect when the request was signed for another region (unless `anyRegion`);
 * AccessDenied when the bucket is not its expected owner's.
 */
export function findBucket(input: BucketInput, ctx: Context, options: { anyRegion?: boolean } = {}): Bucket {
  const name = input.Bucket
  const bucket = bucketTable(ctx.cloud).get(name)
  if (!bucket) throw noSuchBucket(name)
  // Unsigned requests and old signatures carry no region; the one endpoint here is the bucket's for them.
  const hasRegion = ctx.identity.kind !== 'anonymous' && signatureVersion(ctx) !== 'AWS'
  const isElsewhere = bucket.region !== ctx.region && hasRegion
  if (isElsewhere && !options.anyRegion) throw permanentRedirect(bucket)
  checkOwner(bucket, input.ExpectedBucketOwner)
  return bucket
}

/** AWS: `AWS` for signature version 2; what services send is version 4. */
const signatureVersion = (ctx: Context): string =>
  String(ctx.conditions['s3:signatureversion'] ?? 'AWS4-HMAC-SHA256')

function permanentRedirect({ name, region }: Bucket): AwsError {
  return new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    {
      status: 301,
      fields: { Endpoint: `s3.${region}.amazonaws.com`, Bucket: name },
      headers: { 'x-amz-bucket-region': region },
    },
  )
}

/** Errors: AccessDenied when the bucket belongs to another account than the request expects. */
export function checkOwner(bucket: Bucket, expected: string | undefined): void {
  if (expected === undefined || expected === bucket.account) return
  if (/^\d{12}$/.test(expected)) throw accessDenied()
  throw new AwsError(
    'InvalidBucketOwnerAWSAccountID',
    `The value of the expected bucket owner parameter must be an AWS account ID [${expected}]`,
  )
}

/** Asks for an action on the bucket itself. */
export function onBucket(
  ctx: Context,
  bucket: Bucket,
  action: string,
  context: ConditionContext = {},
): AccessRequest {
  return request(ctx, bucket, bucket.account, action, bucketArn(bucket.name), context)
}

/** Asks for an action on a key; `existing` gives the tags and the owner of the object that is there. */
export function onObject(
  ctx: Context,
  bucket: Bucket,
  key: string,
  action: string,
  options: { existing?: ObjectVersion; context?: ConditionContext } = {},
): AccessRequest {
  const { existing } = options
  const context: Record<string, string | readonly string[]> = { ...options.context }
  for (const tag of existing?.tags ?? []) context[`s3:ExistingObjectTag/${tag.Key}`] = tag.Value
  const owner = ownerFor(ctx, bucket, action, existing)
  return request(ctx, bucket, owner, action, objectArn(bucket.name, key), context)
}

/**
 * The account whose policies decide.
 * AWS: with ACLs enabled an object belongs to its writer; the bucket's owner has what the object's ACL leaves to it,
 * may always delete it, and the bucket policy does not speak for it.
 */
function ownerFor(ctx: Context, bucket: Bucket, action: string, existing: ObjectVersion | undefined): string {
  const isForeign = existing && existing.owner !== bucket.account && hasAcls(bucket)
  if (!isForeign || !/^s3:(Get|Put)Object/.test(action)) return bucket.account
  if (action === 's3:PutObject') return bucket.account
  const { bucketOwnerAccess } = existing
  const isLeft = bucketOwnerAccess === 'full' || (bucketOwnerAccess === 'read' && action.startsWith('s3:Get'))
  return ctx.account === bucket.account && isLeft ? bucket.account : existing.owner
}

function request(
  ctx: Context,
  bucket: Bucket,
  owner: string,
  action: string,
  resource: Arn,
  context: ConditionContext,
): AccessRequest {
  const { policy, publicAccessBlock: block } = bucket
  const hasPolicy = policy !== undefined && owner === bucket.account
  return {
    action,
    resource,
    resourceAccount: owner,
    resourcePolicy: hasPolicy
      ? compiledBoundPolicy(policy, ctx.cloud.directory, `policy of bucket ${bucket.name}`)
      : undefined,
    publicAccessBlock: block && {
      blockPublicPolicy: block.BlockPublicPolicy,
      restrictPublicBuckets: block.RestrictPublicBuckets,
    },
    context: {
      ...(ctx.identity.kind !== 'anonymous' && { 's3:signatureversion': signatureVersion(ctx) }),
      ...context,
    },
    onDenied: (decision) => accessDenied(decision.message),
  }
}
