/** What EventBridge keeps: event buses, and rules with their targets. */
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

/** AWS: every account has this bus in every region; it is kept only once it has a policy or tags. */
export const DEFAULT_BUS = 'default'

export interface Bus {
  readonly name: string
  readonly description?: string
  readonly policy?: BoundPolicy
  readonly tags: Tags
  /** Milliseconds since 1970; the default bus has always been there. */
  readonly created?: number
  readonly modified?: number
}

export interface Target {
  readonly Id: string
  readonly Arn: string
  readonly RoleArn?: string
  /** JSON text sent in the place of the event. */
  readonly Input?: string
  readonly InputPath?: string
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>
    readonly InputTemplate: string
  }
  readonly RetryPolicy?: {
    readonly MaximumRetryAttempts?: number
    readonly MaximumEventAgeInSeconds?: number
  }
  /** Of FIFO queues. */
  readonly SqsParameters?: { readonly MessageGroupId?: string }
}

export interface Rule {
  readonly name: string
  readonly bus: string
  readonly arn: string
  readonly description?: string
  /** JSON text. */
  readonly eventPattern?: string
  readonly scheduleExpression?: string
  /** Where a rate counts from, milliseconds since 1970: when the schedule was set or enabled. */
  readonly scheduledFrom: number
  readonly enabled: boolean
  /** The account of whoever put the rule. */
  readonly createdBy: string
  readonly targets: readonly Target[]
  readonly tags: Tags
}

/** An event as rules and targets see it. */
export interface EventMessage {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': string
  readonly source: string
  readonly account: string
  /** ISO 8601, in seconds. */
  readonly time: string
  readonly region: string
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, unknown>>
}

/** By name. */
export const buses = collection<Bus>('events.buses')
/** By `bus/name`. */
export const rules = collection<Rule>('events.rules')

export const ruleKey = (bus: string, name: string): string => `${bus}/${name}`

/** The time as events carry it. */
export const eventTime = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z')
