/** s3:PutBucketPolicy, GetBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus. */
import { isPublic } from '../../../../iam/index.ts'
import { AwsError } from '../../../../model/index.ts'
import { bindPolicy, policyText } from '../../../kernel/bound-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkBucketPolicy } from '../engine/check-bucket-policy.ts'
import { accessDenied } from '../engine/errors.ts'
import { type BucketInput, bucketArn } from '../engine/find-bucket.ts'
import { bucketKind } from '../kinds.ts'
import type { Bucket } from '../state.ts'

const access = (action: string) => (input: BucketInput, ctx: Context) => [bucketKind.on(ctx, action, input)]

/** AWS: bucket policies are handled by the bucket's own account only, whatever a policy allows others. */
function ownBucket(input: BucketInput, ctx: Context): Bucket {
  const bucket = bucketKind.find(ctx, input)
  if (bucket.account === ctx.account) return bucket
  throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', {
    status: 405,
    fields: { Method: ctx.operation, ResourceType: 'BUCKETPOLICY' },
  })
}

export const putBucketPolicy = operation({
  service: 's3',
  name: 'PutBucketPolicy',
  access: access('PutBucketPolicy'),
  run: (input, ctx) => {
    const { name, publicAccessBlock } = ownBucket(input, ctx)
    checkBucketPolicy(input.Policy, name, ctx.cloud.directory)
    if (publicAccessBlock?.BlockPublicPolicy && isPublic(input.Policy))
      throw accessDenied(
        `User: ${ctx.identity.arn} is not authorized to perform: s3:PutBucketPolicy on resource: "${bucketArn(name)}" because public policies are blocked by the BlockPublicPolicy block public access setting.`,
      )
    bucketKind.change(ctx, input, { policy: bindPolicy(input.Policy, ctx.cloud.directory) })
    return {}
  },
})

export const getBucketPolicy = operation({
  service: 's3',
  name: 'GetBucketPolicy',
  access: access('GetBucketPolicy'),
  run: (input, ctx) => ({ Policy: policyOf(ctx, ownBucket(input, ctx)) }),
})

export const deleteBucketPolicy = operation({
  service: 's3',
  name: 'DeleteBucketPolicy',
  access: access('DeleteBucketPolicy'),
  run: (input, ctx) => {
    ownBucket(input, ctx)
    bucketKind.change(ctx, input, { policy: undefined })
    return {}
  },
})

export const getBucketPolicyStatus = operation({
  service: 's3',
  name: 'GetBucketPolicyStatus',
  access: access('GetBucketPolicyStatus'),
  run: (input, ctx) => ({ PolicyStatus: { IsPublic: isPublic(policyOf(ctx, bucketKind.find(ctx, input))) } }),
})

/** The text as AWS shows it: a principal that is gone stands there by its unique id. */
function policyOf(ctx: Context, { name, policy }: Bucket): string {
  if (policy !== undefined) return policyText(policy, ctx.cloud.directory)
  throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
    status: 404,
    fields: { BucketName: name },
  })
}
