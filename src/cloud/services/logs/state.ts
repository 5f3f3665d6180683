/** What CloudWatch Logs keeps: groups, streams and resource policies. Events are in files (see event-log.ts). */
import type { LogGroupClass } from '@aws-sdk/client-cloudwatch-logs'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface LogGroup {
  readonly name: string
  /** Without the `:*` that AWS puts behind it in the member `arn`. */
  readonly arn: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
  readonly retentionInDays?: number
  readonly class: LogGroupClass
  readonly kmsKeyId?: string
  /** Base64 of data keys as KMS encrypted them, oldest first; new events go under the last one while kmsKeyId is set. */
  readonly dataKeys: readonly string[]
  readonly tags: Tags
}

export interface LogStream {
  readonly group: string
  readonly name: string
  /** Names the stream's file; a stream created again under the same name has another. */
  readonly id: string
  readonly createdAt: number
  readonly firstEventAt?: number
  readonly lastEventAt?: number
  readonly lastIngestedAt?: number
  /** Bytes, by AWS's count: UTF-8 of the message and 26 for each event. */
  readonly bytes: number
}

export interface LogsPolicy {
  readonly name: string
  /** JSON text. */
  readonly document: string
  readonly updatedAt: number
}

export const groups = collection<LogGroup>('logs.groups')
export const streams = collection<LogStream>('logs.streams')
export const policies = collection<LogsPolicy>('logs.policies')

/** The key of a stream in its table. AWS: neither name can hold a colon. */
export const streamKey = (group: string, stream: string): string => `${group}:${stream}`
