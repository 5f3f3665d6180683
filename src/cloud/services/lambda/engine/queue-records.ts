/** Messages of a queue as a function gets them, and which of them its answer calls failed. */
import { compilePattern, fieldsOf, matchesEvent, parseArn } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'

export type Message = NonNullable<Output<'sqs', 'ReceiveMessage'>['Messages']>[number]
type MessageAttributeValue = NonNullable<Message['MessageAttributes']>[string]

export interface QueueRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
}

/** AWS: the record of a message, in "Using Lambda with Amazon SQS". */
export const recordOf = (queue: string, message: Message): QueueRecord & Record<string, unknown> => ({
  messageId: message.MessageId!,
  receiptHandle: message.ReceiptHandle!,
  body: message.Body!,
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeOf(value)]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: queue,
  awsRegion: parseArn(queue)!.region,
})

const attributeOf = ({ StringValue, BinaryValue, DataType }: MessageAttributeValue) => ({
  stringValue: StringValue,
  binaryValue: BinaryValue && Buffer.from(BinaryValue).toString('base64'),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
})

/** AWS: one of the patterns must fit; a body that is JSON is looked into, any other is a text. */
export function fitsFilters(patterns: readonly string[], record: QueueRecord): boolean {
  if (!patterns.length) return true
  const fields = fieldsOf({ ...record, body: readBody(record.body) })
  return patterns.some((pattern) => matchesEvent(compilePattern(pattern), fields))
}

function readBody(body: string): unknown {
  try {
    const read: unknown = JSON.parse(body)
    return typeof read === 'object' && read !== null ? read : body
  } catch {
    return body
  }
}

/** AWS: bytes of an event that a function is invoked with. */
const MOST_BYTES = 6_291_456

/** Gives the records in pieces that are no larger than an invocation takes, in their order. */
export function inPieces(records: readonly QueueRecord[]): QueueRecord[][] {
  const pieces: QueueRecord[][] = []
  let left = 0
  for (const record of records) {
    const size = Buffer.byteLength(JSON.stringify(record)) + 1
    if (size > left || !pieces.length) {
      pieces.push([])
      left = MOST_BYTES - '{"Records":[]}'.length
    }
    pieces.at(-1)!.push(record)
    left -= size
  }
  return pieces
}

/**
 * Gives the records that succeeded, by the answer of a function that reports the others.
 * AWS: no list, or an empty one, is a success; what cannot be read, or names no message of the batch, fails all of it.
 */
export function succeededOf(records: readonly QueueRecord[], payload: Buffer): readonly QueueRecord[] {
  let answer: { batchItemFailures?: unknown } | null
  try {
    answer = JSON.parse(payload.toString())
  } catch {
    return []
  }
  const failures = answer?.batchItemFailures ?? []
  if (!Array.isArray(failures)) return []
  const failed = new Set(failures.map((one) => one?.itemIdentifier))
  const ids = new Set<unknown>(records.map(({ messageId }) => messageId))
  if ([...failed].some((id) => !ids.has(id))) return []
  return records.filter(({ messageId }) => !failed.has(messageId))
}
