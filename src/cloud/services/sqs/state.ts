/** What SQS keeps: queues, their messages, and what FIFO queues remember to drop repetitions. */
import type { Arn } from '../../../model/index.ts'
import type { Input } from '../../kernel/api.ts'
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../kernel/store-index.ts'
import type { Tags } from '../../kernel/tags.ts'

export type Attributes = NonNullable<Input<'sqs', 'SendMessage'>['MessageAttributes']>

export interface Queue {
  readonly name: string
  readonly arn: Arn
  /** Milliseconds since 1970, as all times here. */
  readonly created: number
  readonly modified: number
  /** Those of `engine/queue-attributes.ts` that are set, as text. */
  readonly attributes: Readonly<Record<string, string>>
  readonly policy?: BoundPolicy
  /** When it was emptied last. */
  readonly purged?: number
  readonly tags: Tags
}

export interface Message {
  readonly queue: Arn
  readonly id: string
  /** In the order of sending. */
  readonly sequence: number
  readonly body: string
  readonly attributes: Attributes
  /** AWSTraceHeader, where it was sent. */
  readonly trace?: string
  readonly sender: string
  /** The data key that it is kept under, as KMS sealed it (Base64); of encrypted queues. */
  readonly key?: string
  readonly sent: number
  /** From when on it can be received. */
  readonly visible: number
  /** How often it was received. */
  readonly receives: number
  readonly firstReceived?: number
  /** The handle of its last receipt, while that hides it. */
  readonly handle?: string
  /** Of a FIFO queue: its group and what tells repetitions. */
  readonly group?: string
  readonly deduplication?: string
  /** The queue that a dead letter comes from. */
  readonly source?: Arn
}

/** A message that was sent to a FIFO queue in the last minutes. */
export interface Repetition {
  readonly queue: Arn
  readonly until: number
  readonly messageId: string
  readonly sequence: number
}

/** A task that moves dead letters. */
export interface MoveTask {
  readonly id: string
  readonly source: Arn
  /** Absent where each goes to the queue that it came from. */
  readonly destination?: Arn
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'
  readonly started: number
  readonly toMove: number
  readonly moved: number
  readonly failure?: string
}

export const queues = collection<Queue>('sqs.queues')
/** By queue and sequence. */
export const messages = collection<Message>('sqs.messages')
export const repetitions = collection<Repetition>('sqs.repetitions')
export const moveTasks = collection<MoveTask>('sqs.move-tasks')
/** The last sequence number of an account and region. */
export const sequences = collection<{ readonly last: number }>('sqs.sequences')

export const messagesIn: RecordIndex<Message> = recordIndex(({ queue }) => [queue])

export const messageKey = ({ queue, sequence }: Pick<Message, 'queue' | 'sequence'>): string =>
  `${queue} ${sequence}`
