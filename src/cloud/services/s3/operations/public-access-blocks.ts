/** s3:PutPublicAccessBlock, GetPublicAccessBlock, DeletePublicAccessBlock. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { bucketKind } from '../kinds.ts'

export const putPublicAccessBlock = operation({
  service: 's3',
  name: 'PutPublicAccessBlock',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketPublicAccessBlock', input)],
  run: (input, ctx) => {
    const asked = input.PublicAccessBlockConfiguration
    bucketKind.change(ctx, input, {
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
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketPublicAccessBlock', input)],
  run: (input, ctx) => {
    const { name, publicAccessBlock } = bucketKind.find(ctx, input)
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
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketPublicAccessBlock', input)],
  run: (input, ctx) => {
    bucketKind.change(ctx, input, { publicAccessBlock: undefined })
    return {}
  },
})
