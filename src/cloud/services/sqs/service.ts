/** SQS: standard and FIFO queues, whose policies are enforced. */
import { implementation } from '../../kernel/service.ts'
import { kinds } from './kinds.ts'
import { AddPermission, RemovePermission } from './operations/permissions.ts'
import { GetQueueAttributes, SetQueueAttributes } from './operations/queue-attributes.ts'
import {
  CreateQueue,
  DeleteQueue,
  GetQueueUrl,
  ListDeadLetterSourceQueues,
  ListQueues,
  PurgeQueue,
} from './operations/queues.ts'
import {
  ChangeMessageVisibility,
  ChangeMessageVisibilityBatch,
  DeleteMessage,
  DeleteMessageBatch,
} from './operations/receipts.ts'
import { ReceiveMessage } from './operations/receive-message.ts'
import { SendMessage, SendMessageBatch } from './operations/send-message.ts'
import { ListQueueTags, TagQueue, UntagQueue } from './operations/tags.ts'
import { queue } from './resources/queue.ts'
import { queuePolicy } from './resources/queue-policy.ts'

export const sqs = implementation({
  kinds,
  operations: [
    CreateQueue,
    GetQueueUrl,
    ListQueues,
    ListDeadLetterSourceQueues,
    GetQueueAttributes,
    SetQueueAttributes,
    PurgeQueue,
    DeleteQueue,
    SendMessage,
    SendMessageBatch,
    ReceiveMessage,
    DeleteMessage,
    DeleteMessageBatch,
    ChangeMessageVisibility,
    ChangeMessageVisibilityBatch,
    AddPermission,
    RemovePermission,
    TagQueue,
    UntagQueue,
    ListQueueTags,
  ],
  resourceTypes: [queue, queuePolicy],
})
