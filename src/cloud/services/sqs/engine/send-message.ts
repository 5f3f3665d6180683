/** Putting a message into a queue: what is taken, what is dropped as a repetition, and when it can be received. */
import { createHash } from 'node:crypto'
import { AwsError, parseArn } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Message, messageKey, type Queue, repetitions, sequences } from '../state.ts'
import { announce } from './arrivals.ts'
import { digestOf, digestOfAttributes, sizeOfAttributes } from './digest.ts'
import { isFifo, numberOf } from './queue-attributes.ts'
import { invalidValue, missing, unsupported } from './refuse.ts'
import { messagesOf } from './take-messages.ts'

export type Letter = Pick<
  Input<'sqs', 'SendMessage'>,
  | 'MessageBody'
  | 'DelaySeconds'
  | 'MessageAttributes'
  | 'MessageSystemAttributes'
  | 'MessageDeduplicationId'
  | 'MessageGroupId'
>

/** AWS: repetitions are dropped for five minutes. */
const REPEATED = 300_000

export interface Sent {
  readonly MessageId: string
  readonly MD5OfMessageBody: string
  readonly MD5OfMessageAttributes?: string
  readonly MD5OfMessageSystemAttributes?: string
  readonly SequenceNumber?: string
}

/** Bytes that a message counts for. */
export const sizeOf = ({ MessageBody, MessageAttributes = {} }: Letter): number =>
  Buffer.byteLength(MessageBody) + sizeOfAttributes(MessageAttributes)

/** Errors: InvalidParameterValue, MissingParameter, InvalidMessageContents, UnsupportedOperation. */
export function checkLetter(queue: Queue, letter: Letter): void {
  const { MessageBody: body, DelaySeconds: delay, MessageGroupId: group } = letter
  if (body === '') throw missing('MessageBody')
  const most = numberOf(queue, 'MaximumMessageSize')
  if (sizeOf(letter) > most)
    throw invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    )
  // AWS: the characters of XML 1.0.
  if (/[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(body))
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
    )
  if (delay !== undefined && (delay < 0 || delay > 900))
    throw invalidValue(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    )
  checkAttributes(letter)
  if (isFifo(queue)) {
    if (group === undefined) throw missing('MessageGroupId')
    if (delay)
      throw invalidValue(
        `Value ${delay} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
      )
  } else if (letter.MessageDeduplicationId !== undefined)
    throw invalidValue(
      `Value ${letter.MessageDeduplicationId} for parameter MessageDeduplicationId is invalid. Reason: The request includes a parameter that is not valid for this queue type.`,
    )
}

function checkAttributes({ MessageAttributes: given = {} }: Letter): void {
  if (Object.keys(given).length > 10)
    throw invalidValue('Number of message attributes [11] exceeds the allowed maximum [10].')
  for (const [
    name,
    { DataType, StringValue, BinaryValue, StringListValues, BinaryListValues },
  ] of Object.entries(given)) {
    if (!/^(?!aws\.|amazon\.)(?!\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i.test(name))
      throw invalidValue(`The message attribute name '${name}' is not valid.`)
    if (StringListValues ?? BinaryListValues)
      throw unsupported('Message attribute list values in SendMessage operation are not supported.')
    const [type] = DataType.split('.')
    if (!['String', 'Number', 'Binary'].includes(type ?? ''))
      throw invalidValue(
        `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
      )
    if ((type === 'Binary' ? BinaryValue?.length : StringValue?.length) === undefined)
      throw invalidValue(
        `The message attribute '${name}' must contain a non-empty message attribute value for message attribute type '${DataType}'.`,
      )
  }
}

/** Puts a checked message in; gives what is told of it, also where it was a repetition. Errors: InvalidParameterValue. */
export function sendMessage(ctx: Context, queue: Queue, letter: Letter, key?: string): Sent {
  const {
    MessageBody: body,
    MessageAttributes: attributes = {},
    MessageSystemAttributes: system = {},
  } = letter
  const told = {
    MD5OfMessageBody: digestOf(body),
    MD5OfMessageAttributes: digestOfAttributes(attributes),
    MD5OfMessageSystemAttributes: digestOfAttributes(system as typeof attributes),
  }
  const deduplication = isFifo(queue) ? deduplicationOf(queue, letter) : undefined
  const before = deduplication === undefined ? undefined : repeated(ctx, queue, letter, deduplication)
  if (before) return { ...told, MessageId: before.messageId, SequenceNumber: numbered(before.sequence) }
  const now = ctx.cloud.clock.now()
  const delay = letter.DelaySeconds ?? numberOf(queue, 'DelaySeconds')
  const message: Message = {
    queue: queue.arn,
    id: ctx.cloud.ids.uuid(),
    sequence: nextSequence(ctx, queue),
    body,
    attributes,
    trace: system.AWSTraceHeader?.StringValue,
    sender: ctx.identity.userId,
    key,
    sent: now,
    visible: now + delay * 1000,
    receives: 0,
    group: letter.MessageGroupId,
    deduplication,
  }
  messagesOf(ctx, queue).put(messageKey(message), message)
  if (deduplication !== undefined) remember(ctx, queue, letter, message)
  announce(ctx.cloud, queue.arn, message.visible)
  return {
    ...told,
    MessageId: message.id,
    SequenceNumber: isFifo(queue) ? numbered(message.sequence) : undefined,
  }
}

/** AWS: twenty digits. */
export const numbered = (sequence: number): string => `1885${String(sequence).padStart(16, '0')}`

function nextSequence(ctx: Context, { arn }: Queue): number {
  const { account, region } = parseArn(arn)!
  const table = ctx.table(sequences, account, region)
  const last = (table.get('last')?.last ?? 0) + 1
  table.put('last', { last })
  return last
}

/** AWS: by content it is the SHA-256 of the body. */
function deduplicationOf(
  { attributes }: Queue,
  { MessageDeduplicationId: given, MessageBody: body }: Letter,
): string {
  if (given !== undefined) return given
  if (attributes.ContentBasedDeduplication !== 'true')
    throw invalidValue(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  return createHash('sha256').update(body).digest('hex')
}

const scopeOf = ({ arn, attributes }: Queue, { MessageGroupId }: Letter): string =>
  attributes.DeduplicationScope === 'messageGroup' ? `${arn} ${MessageGroupId}` : arn

function tableFor(ctx: Context, { arn }: Queue) {
  const { account, region } = parseArn(arn)!
  return ctx.table(repetitions, account, region)
}

function repeated(ctx: Context, queue: Queue, letter: Letter, id: string) {
  const found = tableFor(ctx, queue).get(`${scopeOf(queue, letter)} ${id}`)
  return found && found.until > ctx.cloud.clock.now() ? found : undefined
}

function remember(
  ctx: Context,
  queue: Queue,
  letter: Letter,
  { id, sequence, sent, deduplication }: Message,
): void {
  const table = tableFor(ctx, queue)
  for (const [key, { until }] of table.entries()) if (until <= sent) table.delete(key)
  const entry = { queue: queue.arn, until: sent + REPEATED, messageId: id, sequence }
  table.put(`${scopeOf(queue, letter)} ${deduplication}`, entry)
}
