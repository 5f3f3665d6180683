/** Tags of keys: kms:TagResource, UntagResource and ListResourceTags. */
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'
import { pageOf } from '../engine/page.ts'
import { keyKind } from '../kinds.ts'

interface TagInput {
  readonly KeyId: string
  readonly Marker?: string
  readonly Limit?: number
}

export const keyTags = tagPairs('TagKey', 'TagValue')

/** Errors: NotFoundException, TagException, LimitExceededException, KMSInvalidStateException, InvalidMarkerException. */
export const [TagResource, UntagResource, ListResourceTags] = tagOperations<TagInput>({
  service: 'kms',
  names: ['TagResource', 'UntagResource', 'ListResourceTags'],
  members: ['Tags', 'TagKeys'],
  form: keyTags,
  resource: ({ KeyId }) => keyKind.tagged(KeyId, { mayChange: mustNotBePendingDeletion }),
  listed: (all, input) => {
    const { items, rest } = pageOf(input, all as object[])
    return { Tags: items, ...rest }
  },
})
