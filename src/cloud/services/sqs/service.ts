/** SQS: standard and FIFO queues, whose policies are enforced. */
import type { Cloud } from '../../kernel/cloud.ts'
import type { ContextFactory } from '../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../kernel/identity.ts'
import { implementation } from '../../kernel/service.ts'
import { moveMessages } from './engine/move-messages.ts'
import { kinds } from './kinds.ts'
import {
  CancelMessageMoveTask,
  ListMessageMoveTasks,
  StartMessageMoveTask,
} from './operations/message-move-tasks.ts'
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
import { moveTasks } from './state.ts'

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
    StartMessageMoveTask,
    ListMessageMoveTasks,
    CancelMessageMoveTask,
    AddPermission,
    RemovePermission,
    TagQueue,
    UntagQueue,
    ListQueueTags,
  ],
  start: (cloud: Cloud, context: ContextFactory) => {
    for (const { account, region, table } of cloud.store.everywhere(moveTasks))
      for (const { id } of table.values())
        moveMessages(context({ identity: serviceIdentity(servicePrincipal('sqs')), account, region }), id)
  },
  resourceTypes: [queue, queuePolicy],
})
