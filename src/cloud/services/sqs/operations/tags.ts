/** Tags of queues. */
import { tagOperations, tagRecord } from '../../../kernel/tag-operations.ts'
import { ownQueue, queueKind } from '../kinds.ts'

export const [TagQueue, UntagQueue, ListQueueTags] = tagOperations<{ readonly QueueUrl: string }>({
  service: 'sqs',
  names: ['TagQueue', 'UntagQueue', 'ListQueueTags'],
  members: ['Tags', 'TagKeys'],
  form: tagRecord,
  resource: ({ QueueUrl }) => queueKind.tagged(QueueUrl),
  check: ({ QueueUrl }, ctx) => ownQueue(ctx, QueueUrl),
})
