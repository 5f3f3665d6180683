/** Tags of topics: TagResource, UntagResource and ListTagsForResource. */
import type { Arn } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { topicKind } from '../kinds.ts'

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly ResourceArn: Arn }>(
  {
    service: 'sns',
    members: ['Tags', 'TagKeys'],
    form: tagPairs('Key', 'Value'),
    resource: ({ ResourceArn }) => topicKind.tagged(ResourceArn),
  },
)
