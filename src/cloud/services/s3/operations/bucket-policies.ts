/** s3:PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus. */
import { isPublic } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import { bindPolicy, policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { bucketArn, findBucket, onBucket } from '../engine/bucket-access.ts'
import { changeBucket } from '../engine/change-bucket.ts'
import { checkBucketPolicy } from '../engine/check-bucket-policy.ts'
import { accessDenied } from '../engine/errors.ts'
import type { Bucket } from '../state.ts'

interface BucketInput {
  readonly Bucket: string
  readonly ExpectedBucketOwner?: string
}

const access = (action: string) => (input: BucketInput, ctx: Context) => [
  onBucket(ctx, findBucket(input, ctx), action),
]

/** AWS: bucket policies are handled by the bucket's own account only, whatever a policy allows others. */
function ownBucket(input: BucketInput, ctx: Context): Bucket {
  const bucket = findBucket(input, ctx)
  if (bucket.account === ctx.account) return bucket
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    fields: { Method: ctx.operation, ResourceType: 'BUCKETPOLICY' },
  })
}

export const putBucketPolicy = operation({
  service: 's3',
  name: 'PutBucketPolicy',
  access: access('s3:PutBucketPolicy'),
  run: (input, ctx) => {
    const { name, publicAccessBlock } = ownBucket(input, ctx)
    checkBucketPolicy(input.Policy, name, ctx.cloud.directory)
    if (publicAccessBlock?.BlockPublicPolicy && isPublic(input.Policy))
      throw accessDenied(
        `User: ${ctx.identity.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(name)}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
      )
    changeBucket(input, ctx, { policy: bindPolicy(input.Policy, ctx.cloud.directory) })
    return {}
  },
})

export const getBucketPolicy = operation({
  service: 's3',
  name: 'GetBucketPolicy',
  access: access('s3:GetBucketPolicy'),
  run: (input, ctx) => ({ Policy: policyOf(ctx, ownBucket(input, ctx)) }),
})

export const deleteBucketPolicy = operation({
  service: 's3',
  name: 'DeleteBucketPolicy',
  access: access('s3:DeleteBucketPolicy'),
  run: (input, ctx) => {
    ownBucket(input, ctx)
    changeBucket(input, ctx, { policy: undefined })
    return {}
  },
})

export const getBucketPolicyStatus = operation({
  service: 's3',
  name: 'GetBucketPolicyStatus',
  access: access('s3:GetBucketPolicyStatus'),
  run: (input, ctx) => ({ PolicyStatus: { IsPublic: isPublic(policyOf(ctx, findBucket(input, ctx))) } }),
})

/** The text as AWS shows it: a principal that is gone stands there by its unique id. */
function policyOf(ctx: Context, { name, policy }: Bucket): string {
  if (policy !== undefined) return policyText(policy, ctx.cloud.directory)
  throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
    status: 404,
    fields: { BucketName: name },
  })
}
