/** s3:PutObjectTagging, GetObjectTagging, DeleteObjectTagging. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { findBucket } from '../engine/bucket-access.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { announceTagging } from '../engine/events.ts'
import { findObject, type ObjectInput, readAccess } from '../engine/find-object.ts'
import { checkTags, tagConditions } from '../engine/object-tags.ts'
import { shownVersionId } from '../engine/write-object.ts'
import type { Tag } from '../state.ts'

type Input = ObjectInput & { readonly Bucket: string; readonly ExpectedBucketOwner?: string }

const access = (ctx: Context, input: Input, verb: 'Get' | 'Put' | 'Delete', conditions = {}) => [
  readAccess(
    ctx,
    findBucket(input, ctx),
    input,
    { plain: `s3:${verb}ObjectTagging`, version: `s3:${verb}ObjectVersionTagging` },
    conditions,
  ),
]

export const getObjectTagging = operation({
  service: 's3',
  name: 'GetObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Get'),
  run: async (input, ctx) => {
    const bucket = findBucket(input, ctx)
    const version = await findObject(ctx, bucket, input)
    return { TagSet: [...version.tags], VersionId: shownVersionId(bucket, version) }
  },
})

export const putObjectTagging = operation({
  service: 's3',
  name: 'PutObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Put', tagConditions(checkTags(input.Tagging.TagSet, 'Object'))),
  run: (input, ctx) => retag(ctx, input, checkTags(input.Tagging.TagSet, 'Object'), 'Put'),
})

export const deleteObjectTagging = operation({
  service: 's3',
  name: 'DeleteObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Delete'),
  run: (input, ctx) => retag(ctx, input, [], 'Delete'),
})

async function retag(ctx: Context, input: Input, tags: readonly Tag[], how: 'Put' | 'Delete') {
  const bucket = findBucket(input, ctx)
  const version = await findObject(ctx, bucket, input)
  const changed = { ...version, tags }
  objectsOf(ctx.cloud, bucket.name).update(changed)
  announceTagging(ctx, bucket, changed, how)
  return { VersionId: shownVersionId(bucket, version) }
}
