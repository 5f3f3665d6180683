/** TagResource, UntagResource and ListTagsForResource. */
import type { Arn } from '../../../../model/index.ts'
import { tagOperations, tagRecord } from '../../../kernel/tag-operations.ts'
import { notificationRuleKind } from '../kinds.ts'

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly Arn: Arn }>({
  service: 'codestar-notifications',
  members: ['Tags', 'TagKeys'],
  form: tagRecord,
  resource: ({ Arn }) => notificationRuleKind.tagged(Arn),
})
