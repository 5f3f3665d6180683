/** s3:PutBucketTagging, GetBucketTagging, DeleteBucketTagging. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkTags } from '../engine/object-tags.ts'
import { bucketKind } from '../kinds.ts'

export const putBucketTagging = operation({
  service: 's3',
  name: 'PutBucketTagging',
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketTagging', input)],
  run: (input, ctx) => {
    bucketKind.change(ctx, input, { tags: checkTags(input.Tagging.TagSet, 'Bucket') })
    return {}
  },
})

export const getBucketTagging = operation({
  service: 's3',
  name: 'GetBucketTagging',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketTagging', input)],
  run: (input, ctx) => {
    const { name, tags = [] } = bucketKind.find(ctx, input)
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
  access: (input, ctx) => [bucketKind.on(ctx, 'PutBucketTagging', input)],
  run: (input, ctx) => {
    bucketKind.change(ctx, input, { tags: undefined })
    return {}
  },
})
