/** What receivers do with what they received: DeleteMessage and ChangeMessageVisibility, one and several. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { announce } from '../engine/arrivals.ts'
import { checkBatch, forEachEntry } from '../engine/batch.ts'
import { badHandle, invalidValue } from '../engine/refuse.ts'
import { messagesOf } from '../engine/take-messages.ts'
import { queueKind } from '../kinds.ts'
import { type Message, messageKey, type Queue } from '../state.ts'

/** Gives the message of a handle while this is its last; undefined where it is gone. Errors: ReceiptHandleIsInvalid. */
function receipt(ctx: Context, queue: Queue, handle: string): Message | undefined {
  const [, sequence, secret] = /^(\d+) (\w{48})$/.exec(Buffer.from(handle, 'base64').toString()) ?? []
  if (sequence === undefined) throw badHandle(handle)
  const found = messagesOf(ctx, queue).get(messageKey({ queue: queue.arn, sequence: Number(sequence) }))
  return found?.handle === secret ? found : undefined
}

/** AWS: a message that is gone already is no error. */
function remove(ctx: Context, queue: Queue, handle: string): void {
  const message = receipt(ctx, queue, handle)
  if (!message) return
  messagesOf(ctx, queue).delete(messageKey(message))
  // The next of its group may be received.
  if (message.group !== undefined) announce(ctx.cloud, queue.arn)
}

export const DeleteMessage = operation({
  service: 'sqs',
  name: 'DeleteMessage',
  access: (input, ctx) => [queueKind.on(ctx, 'DeleteMessage', input.QueueUrl)],
  run: ({ QueueUrl, ReceiptHandle }, ctx) => {
    remove(ctx, queueKind.find(ctx, QueueUrl), ReceiptHandle)
    return {}
  },
})

/** AWS: the permission is sqs:DeleteMessage. */
export const DeleteMessageBatch = operation({
  service: 'sqs',
  name: 'DeleteMessageBatch',
  access: (input, ctx) => [queueKind.on(ctx, 'DeleteMessage', input.QueueUrl)],
  run: ({ QueueUrl, Entries: entries }, ctx) => {
    const queue = queueKind.find(ctx, QueueUrl)
    checkBatch('DeleteMessageBatchRequestEntry', entries)
    return forEachEntry(entries, ({ ReceiptHandle }) => {
      remove(ctx, queue, ReceiptHandle)
      return {}
    })
  },
})

/** Hides a message for so many seconds from now on. Errors: MessageNotInflight, InvalidParameterValue. */
function hide(ctx: Context, queue: Queue, handle: string, seconds: number): void {
  if (seconds < 0 || seconds > 43_200)
    throw invalidValue(
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
    )
  const message = receipt(ctx, queue, handle)
  const now = ctx.cloud.clock.now()
  if (!message)
    throw invalidValue(
      `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    )
  if (message.visible <= now) throw new AwsError('MessageNotInflight', '')
  messagesOf(ctx, queue).put(messageKey(message), { ...message, visible: now + seconds * 1000 })
  announce(ctx.cloud, queue.arn, now + seconds * 1000)
}

export const ChangeMessageVisibility = operation({
  service: 'sqs',
  name: 'ChangeMessageVisibility',
  access: (input, ctx) => [queueKind.on(ctx, 'ChangeMessageVisibility', input.QueueUrl)],
  run: ({ QueueUrl, ReceiptHandle, VisibilityTimeout }, ctx) => {
    hide(ctx, queueKind.find(ctx, QueueUrl), ReceiptHandle, VisibilityTimeout)
    return {}
  },
})

/** AWS: the permission is sqs:ChangeMessageVisibility. */
export const ChangeMessageVisibilityBatch = operation({
  service: 'sqs',
  name: 'ChangeMessageVisibilityBatch',
  access: (input, ctx) => [queueKind.on(ctx, 'ChangeMessageVisibility', input.QueueUrl)],
  run: ({ QueueUrl, Entries: entries }, ctx) => {
    const queue = queueKind.find(ctx, QueueUrl)
    checkBatch('ChangeMessageVisibilityBatchRequestEntry', entries)
    return forEachEntry(entries, ({ ReceiptHandle, VisibilityTimeout = 0 }) => {
      hide(ctx, queue, ReceiptHandle, VisibilityTimeout)
      return {}
    })
  },
})
