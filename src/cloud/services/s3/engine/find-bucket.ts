/** Finding the bucket that a request names. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Found } from '../../../kernel/resource-kind.ts'
import { type Bucket, bucketTable } from '../state.ts'
import { accessDenied, noSuchBucket } from './errors.ts'
import { elsewhere } from './other-region.ts'

export const bucketArn = (bucket: string): Arn => `arn:aws:s3:::${bucket}`
export const objectArn = (bucket: string, key: string): Arn => `arn:aws:s3:::${bucket}/${key}`

/** How requests name a bucket. */
export interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
}

export type FoundBucket = Found<Bucket>

export const foundBucket = (record: Bucket): FoundBucket => ({
  record,
  arn: bucketArn(record.name),
  account: record.account,
  region: record.region,
})

/**
 * Gives the bucket a request names.
 * AWS: all of this is told before the request is authorized.
 * Errors: NoSuchBucket; what is answered for a bucket of another region (unless `anyRegion`); AccessDenied when the
 * bucket is not its expected owner's.
 */
export function findBucket(ctx: Context, named: BucketInput & { readonly anyRegion?: true }): FoundBucket {
  const bucket = bucketTable(ctx.cloud).get(named.Bucket)
  if (!bucket) throw noSuchBucket(named.Bucket)
  if (bucket.region !== ctx.region && !named.anyRegion && hasRegion(ctx)) throw elsewhere(ctx.region, bucket)
  checkOwner(bucket, named.ExpectedBucketOwner)
  return foundBucket(bucket)
}

/** Unsigned requests and old signatures carry no region; the one endpoint here is the bucket's for them. */
const hasRegion = (ctx: Context): boolean =>
  ctx.identity.kind !== 'anonymous' && signatureVersion(ctx) !== 'AWS'

/** AWS: `AWS` for signature version 2; what services send is version 4. */
export const signatureVersion = (ctx: Context): string =>
  String(ctx.conditions['s3:signatureversion'] ?? 'AWS4-HMAC-SHA256')

/** Errors: AccessDenied when the bucket belongs to another account than the request expects. */
function checkOwner(bucket: Bucket, expected: string | undefined): void {
  if (expected === undefined || expected === bucket.account) return
  if (/^\d{12}$/.test(expected)) throw accessDenied()
  throw new AwsError(
    'InvalidBucketOwnerAWSAccountID',
    `The value of the expected bucket owner parameter must be an AWS account ID [${expected}]`,
  )
}
