/** Tags of log groups, by ARN and by the older operations that take a name. */
import { tagOperations, tagRecord } from '../../../kernel/tag-operations.ts'
import { nameFrom } from '../engine/find.ts'
import { groupKind } from '../kinds.ts'

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{
  readonly resourceArn: string
}>({
  service: 'logs',
  members: ['tags', 'tagKeys'],
  form: tagRecord,
  resource: ({ resourceArn }) => groupKind.tagged(nameFrom(resourceArn)),
})

export const [TagLogGroup, UntagLogGroup, ListTagsLogGroup] = tagOperations<{
  readonly logGroupName: string
}>({
  service: 'logs',
  names: ['TagLogGroup', 'UntagLogGroup', 'ListTagsLogGroup'],
  members: ['tags', 'tags'],
  form: tagRecord,
  resource: ({ logGroupName }) => groupKind.tagged(logGroupName),
})
