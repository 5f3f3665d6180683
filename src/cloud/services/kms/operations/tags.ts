/** Tags of keys: kms:TagResource, UntagResource and ListResourceTags. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { changeKey, existingKey } from '../engine/find-key.ts'
import { onKey } from '../engine/key-access.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'
import { pageOf } from '../engine/page.ts'

type TagList = readonly { readonly TagKey?: string; readonly TagValue?: string }[]

const LIMIT = 50

/** Gives tags with the listed ones added or changed. Errors: TagException, LimitExceededException. */
export function addTags(
  present: Readonly<Record<string, string>>,
  list: TagList = [],
): Record<string, string> {
  const names = list.map((tag) => tag.TagKey!)
  if (new Set(names).size < names.length) throw new AwsError('TagException', 'Duplicate tag keys')
  if (names.some((name) => name.startsWith('aws:')))
    throw new AwsError('TagException', 'aws: prefixed tag key names are not allowed for external use.')
  const tags = { ...present, ...Object.fromEntries(list.map((tag) => [tag.TagKey!, tag.TagValue ?? ''])) }
  if (Object.keys(tags).length > LIMIT) throw new AwsError('LimitExceededException', 'Too many tags')
  return tags
}

/** Errors: NotFoundException, TagException, LimitExceededException, KMSInvalidStateException. */
export const TagResource = operation({
  service: 'kms',
  name: 'TagResource',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'TagResource')],
  run: ({ KeyId, Tags }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    changeKey(ctx, key, { tags: addTags(key.tags, Tags) })
    return {}
  },
})

/** Errors: NotFoundException, KMSInvalidStateException. */
export const UntagResource = operation({
  service: 'kms',
  name: 'UntagResource',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'UntagResource')],
  run: ({ KeyId, TagKeys }, ctx) => {
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    const kept = Object.entries(key.tags).filter(([name]) => !TagKeys.includes(name))
    changeKey(ctx, key, { tags: Object.fromEntries(kept) })
    return {}
  },
})

/** Errors: NotFoundException, InvalidMarkerException. */
export const ListResourceTags = operation({
  service: 'kms',
  name: 'ListResourceTags',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'ListResourceTags')],
  run: (input, ctx) => {
    const { tags } = existingKey(ctx, input.KeyId)
    const { items, rest } = pageOf(input, Object.entries(tags))
    return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...rest }
  },
})
