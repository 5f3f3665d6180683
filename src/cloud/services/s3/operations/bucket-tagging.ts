/** s3:PutBucketTagging, GetBucketTagging, DeleteBucketTagging. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { findBucket, onBucket } from '../engine/bucket-access.ts'
import { changeBucket } from '../engine/change-bucket.ts'
import { checkTags } from '../engine/object-tags.ts'

export const putBucketTagging = operation({
  service: 's3',
  name: 'PutBucketTagging',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:PutBucketTagging')],
  run: (input, ctx) => {
    changeBucket(input, ctx, { tags: checkTags(input.Tagging.TagSet, 'Bucket') })
    return {}
  },
})

export const getBucketTagging = operation({
  service: 's3',
  name: 'GetBucketTagging',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:GetBucketTagging')],
  run: (input, ctx) => {
    const { name, tags = [] } = findBucket(input, ctx)
    if (tags.length > 0) return { TagSet: [...tags] }
    throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', {
      status: 404,
      fields: { BucketName: name },
    })
  },
})

export const deleteBucketTagging = operation({
  service: 's3',
  name: 'DeleteBucketTagging',
  access: (input, ctx) => [onBucket(ctx, findBucket(input, ctx), 's3:PutBucketTagging')],
  run: (input, ctx) => {
    changeBucket(input, ctx, { tags: undefined })
    return {}
  },
})
