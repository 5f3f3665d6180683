/** s3:PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { findBucket, onBucket } from '../engine/bucket-access.ts'
import { changeBucket } from '../engine/change-bucket.ts'

export const putPublicAccessBlock = operation({
  service: 's3',
  name: 'PutPublicAccessBlock',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:PutBucketPublicAccessBlock')],
  run: (input, ctx) => {
    const asked = input.PublicAccessBlockConfiguration
    changeBucket(input, ctx, {
      // AWS: a setting that is left out is off.
      publicAccessBlock: {
        BlockPublicAcls: asked.BlockPublicAcls ?? false,
        IgnorePublicAcls: asked.IgnorePublicAcls ?? false,
        BlockPublicPolicy: asked.BlockPublicPolicy ?? false,
        RestrictPublicBuckets: asked.RestrictPublicBuckets ?? false,
      },
    })
    return {}
  },
})

export const getPublicAccessBlock = operation({
  service: 's3',
  name: 'GetPublicAccessBlock',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:GetBucketPublicAccessBlock')],
  run: (input, ctx) => {
    const { name, publicAccessBlock } = findBucket(input, ctx)
    if (publicAccessBlock) return { PublicAccessBlockConfiguration: publicAccessBlock }
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
      { status: 404, fields: { BucketName: name } },
    )
  },
})

export const deletePublicAccessBlock = operation({
  service: 's3',
  name: 'DeletePublicAccessBlock',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:PutBucketPublicAccessBlock')],
  run: (input, ctx) => {
    changeBucket(input, ctx, { publicAccessBlock: undefined })
    return {}
  },
})
