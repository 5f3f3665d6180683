/** SendMessage and SendMessageBatch. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { checkBatch, forEachEntry } from '../engine/batch.ts'
import { checkLetter, sendMessage, sizeOf } from '../engine/send-message.ts'
import { newDataKey } from '../engine/use-key.ts'
import { queueKind } from '../kinds.ts'

export const SendMessage = operation({
  service: 'sqs',
  name: 'SendMessage',
  access: (input, ctx) => [queueKind.on(ctx, 'SendMessage', input.QueueUrl)],
  run: async (input, ctx) => {
    const queue = queueKind.find(ctx, input.QueueUrl)
    checkLetter(queue, input)
    const key = await newDataKey(ctx, queue)
    return { ...sendMessage(ctx, queue, input, key) }
  },
})

/** AWS: bytes of all messages of a batch. */
const LARGEST = 1_048_576

/** AWS: the permission is sqs:SendMessage. */
export const SendMessageBatch = operation({
  service: 'sqs',
  name: 'SendMessageBatch',
  access: (input, ctx) => [queueKind.on(ctx, 'SendMessage', input.QueueUrl)],
  run: async ({ QueueUrl, Entries: entries }, ctx) => {
    const queue = queueKind.find(ctx, QueueUrl)
    checkBatch('SendMessageBatchRequestEntry', entries)
    const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
    if (size > LARGEST)
      throw new AwsError(
        'BatchRequestTooLong',
        `Batch requests cannot be longer than ${LARGEST} bytes. You have sent ${size} bytes.`,
      )
    const key = await newDataKey(ctx, queue)
    return forEachEntry(entries, (entry) => {
      checkLetter(queue, entry)
      return sendMessage(ctx, queue, entry, key)
    })
  },
})
