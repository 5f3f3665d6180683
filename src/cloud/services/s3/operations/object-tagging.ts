/** s3:PutObjectTagging, GetObjectTagging, DeleteObjectTagging. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { announceTagging } from '../engine/events.ts'
import type { BucketInput } from '../engine/find-bucket.ts'
import { findObject, readAccess } from '../engine/find-object.ts'
import { checkTags, tagConditions } from '../engine/object-tags.ts'
import { shownVersionId } from '../engine/write-object.ts'
import { bucketKind, type ObjectInput, objectKind } from '../kinds.ts'
import type { Tag } from '../state.ts'

type Input = ObjectInput & BucketInput

const access = (ctx: Context, input: Input, verb: 'Get' | 'Put' | 'Delete', brought: readonly Tag[] = []) => [
  readAccess(
    ctx,
    bucketKind.find(ctx, input),
    input,
    { plain: `${verb}ObjectTagging`, version: `${verb}ObjectVersionTagging` },
    tagConditions(checkTags(brought, 'Object')),
  ),
]

export const getObjectTagging = operation({
  service: 's3',
  name: 'GetObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Get'),
  run: async (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const version = await findObject(ctx, bucket, input)
    return { TagSet: [...version.tags], VersionId: shownVersionId(bucket, version) }
  },
})

export const putObjectTagging = operation({
  service: 's3',
  name: 'PutObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Put', input.Tagging.TagSet as Tag[]),
  run: (input, ctx) => retag(ctx, input, checkTags(input.Tagging.TagSet, 'Object'), 'Put'),
})

export const deleteObjectTagging = operation({
  service: 's3',
  name: 'DeleteObjectTagging',
  access: (input, ctx) => access(ctx, input, 'Delete'),
  run: (input, ctx) => retag(ctx, input, [], 'Delete'),
})

async function retag(ctx: Context, input: Input, tags: readonly Tag[], how: 'Put' | 'Delete') {
  const bucket = bucketKind.find(ctx, input)
  const version = await findObject(ctx, bucket, input)
  const changed = objectKind.change(ctx, [bucket, { ...input, VersionId: version.versionId }], { tags })
  announceTagging(ctx, bucket, changed, how)
  return { VersionId: shownVersionId(bucket, version) }
}
