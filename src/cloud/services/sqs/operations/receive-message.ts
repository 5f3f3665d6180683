/** ReceiveMessage, with waiting. */
import type { Input, Output } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { arrival } from '../engine/arrivals.ts'
import { digestOf, digestOfAttributes } from '../engine/digest.ts'
import { isFifo, numberOf } from '../engine/queue-attributes.ts'
import { invalidValue } from '../engine/refuse.ts'
import { numbered } from '../engine/send-message.ts'
import { present, takeMessages, untilVisible } from '../engine/take-messages.ts'
import { openDataKey } from '../engine/use-key.ts'
import { queueKind } from '../kinds.ts'
import type { Message, Queue } from '../state.ts'

type Asked = Input<'sqs', 'ReceiveMessage'>
type Told = NonNullable<Output<'sqs', 'ReceiveMessage'>['Messages']>[number]

/** AWS: waits for the first message as long as the request says, or else the queue. */
export const ReceiveMessage = operation({
  service: 'sqs',
  name: 'ReceiveMessage',
  access: (input, ctx) => [queueKind.on(ctx, 'ReceiveMessage', input.QueueUrl)],
  run: async (input, ctx) => {
    refuseUnsupported(input, ['ReceiveRequestAttemptId'])
    const queue = queueKind.find(ctx, input.QueueUrl)
    const asked = checked(queue, input)
    const until = ctx.cloud.clock.now() + asked.wait * 1000
    for (;;) {
      const now = queueKind.find(ctx, input.QueueUrl)
      const key = present(ctx, now).find((message) => message.key !== undefined)?.key
      if (key !== undefined) await openDataKey(ctx, now, key)
      const taken = takeMessages(ctx, now, asked)
      const left = until - ctx.cloud.clock.now()
      if (taken.length || left <= 0 || ctx.cloud.signal.aborted)
        return taken.length ? { Messages: taken.map((one) => toldAs(now, one, input)) } : {}
      await arrival(ctx.cloud, now.arn, Math.min(left, untilVisible(ctx, now) ?? left))
    }
  },
})

function checked(queue: Queue, input: Asked): { most: number; hidden: number; wait: number } {
  const {
    MaxNumberOfMessages: most = 1,
    VisibilityTimeout: hidden = numberOf(queue, 'VisibilityTimeout'),
    WaitTimeSeconds: wait = numberOf(queue, 'ReceiveMessageWaitTimeSeconds'),
  } = input
  between('MaxNumberOfMessages', most, 1, 10)
  between('VisibilityTimeout', hidden, 0, 43_200)
  between('WaitTimeSeconds', wait, 0, 20)
  return { most, hidden, wait }
}

function between(name: string, value: number, least: number, most: number): void {
  if (value < least || value > most)
    throw invalidValue(
      `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${least} and ${most}, if provided.`,
    )
}

function toldAs(queue: Queue, message: Message, asked: Asked): Told {
  const attributes = namedOf(message.attributes, asked.MessageAttributeNames ?? [])
  const system = systemOf(queue, message, [
    ...(asked.AttributeNames ?? []),
    ...(asked.MessageSystemAttributeNames ?? []),
  ])
  return {
    MessageId: message.id,
    ReceiptHandle: handleOf(message),
    MD5OfBody: digestOf(message.body),
    Body: message.body,
    ...(Object.keys(system).length && { Attributes: system }),
    ...(Object.keys(attributes).length && {
      MessageAttributes: attributes,
      MD5OfMessageAttributes: digestOfAttributes(attributes),
    }),
  }
}

/** AWS: a new handle with each receipt. */
const handleOf = ({ sequence, handle = '' }: Message): string =>
  Buffer.from(`${sequence} ${handle}`).toString('base64')

/** AWS: all, by name, or all that begin with what stands before `.*`. */
function namedOf(attributes: Message['attributes'], names: readonly string[]): Message['attributes'] {
  const wanted = (name: string) =>
    names.some(
      (one) =>
        one === 'All' ||
        one === '.*' ||
        one === name ||
        (one.endsWith('.*') && name.startsWith(one.slice(0, -1))),
    )
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => wanted(name)))
}

function systemOf(queue: Queue, message: Message, names: readonly string[]): Record<string, string> {
  const fifo = isFifo(queue)
  const all: Record<string, string | undefined> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived),
    MessageGroupId: message.group,
    MessageDeduplicationId: message.deduplication,
    SequenceNumber: fifo ? numbered(message.sequence) : undefined,
    AWSTraceHeader: message.trace,
    DeadLetterQueueSourceArn: message.source,
  }
  const everything = names.includes('All')
  return Object.fromEntries(
    Object.entries(all).filter(
      (pair): pair is [string, string] => pair[1] !== undefined && (everything || names.includes(pair[0])),
    ),
  )
}
