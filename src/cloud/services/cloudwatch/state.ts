/** What CloudWatch keeps: alarms, their history, and what was put into metrics. */
import type { Arn } from '../../../model/index.ts'
import type { Input } from '../../kernel/api.ts'
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'

export type MetricSettings = Omit<Input<'cloudwatch', 'PutMetricAlarm'>, 'Tags'>
export type CompositeSettings = Omit<Input<'cloudwatch', 'PutCompositeAlarm'>, 'Tags'>

export interface StateNow {
  readonly value: AlarmState
  readonly reason: string
  /** JSON text. */
  readonly data?: string
  /** Milliseconds since 1970, as all times here. */
  readonly updated: number
  /** When it came to this value. */
  readonly since: number
}

interface AlarmFacts {
  readonly name: string
  readonly arn: Arn
  readonly configured: number
  readonly state: StateNow
  readonly tags: Tags
}

export interface MetricAlarm extends AlarmFacts {
  readonly kind: 'MetricAlarm'
  readonly settings: MetricSettings
}

export interface CompositeAlarm extends AlarmFacts {
  readonly kind: 'CompositeAlarm'
  readonly settings: CompositeSettings
}

export type Alarm = MetricAlarm | CompositeAlarm

export interface HistoryItem {
  readonly alarm: string
  readonly alarmType: Alarm['kind']
  readonly at: number
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'
  readonly summary: string
  /** JSON text. */
  readonly data: string
}

export interface Dimension {
  readonly Name: string
  readonly Value: string
}

export interface Metric {
  readonly namespace: string
  readonly name: string
  /** By name. */
  readonly dimensions: readonly Dimension[]
}

/** What was put into a metric at one time: a second, or the minute that it fell into. */
export interface Point {
  readonly at: number
  readonly unit: string
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** How often each value came; absent where sums alone were put. */
  readonly values?: Readonly<Record<string, number>>
}

/** What was put into a metric in one hour. */
export interface Hour {
  readonly metric: Metric
  /** Milliseconds since 1970. */
  readonly start: number
  readonly points: readonly Point[]
}

export const alarms = collection<Alarm>('cloudwatch.alarms')
export const history = collection<HistoryItem>('cloudwatch.history')
export const hours = collection<Hour>('cloudwatch.hours')
