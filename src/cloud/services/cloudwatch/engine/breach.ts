/** Whether the data of an alarm breaches its threshold. */
import { entryOf } from '../../../../model/index.ts'
import type { AlarmState } from '../state.ts'

export const COMPARISONS: Readonly<
  Record<string, { readonly words: string; readonly holds: (value: number, threshold: number) => boolean }>
> = {
  GreaterThanOrEqualToThreshold: {
    words: 'greater than or equal to',
    holds: (value, threshold) => value >= threshold,
  },
  GreaterThanThreshold: { words: 'greater than', holds: (value, threshold) => value > threshold },
  LessThanThreshold: { words: 'less than', holds: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: {
    words: 'less than or equal to',
    holds: (value, threshold) => value <= threshold,
  },
}

export interface Judged {
  /** Undefined where the alarm stays as it is. */
  readonly state?: AlarmState
  /** How many of the real data points that count breach. */
  readonly breaching: number
  /** The real data points that count, newest first. */
  readonly looked: readonly Datapoint[]
}

export interface Datapoint {
  readonly at: number
  readonly value: number
}

export interface Terms {
  readonly comparison: string
  readonly threshold: number
  readonly periods: number
  readonly toAlarm: number
  /** `missing` where absent. */
  readonly missing?: string
}

/**
 * Judges the data points of an evaluation range, newest first, of which some are missing. AWS: where as many are there as
 * are evaluated, the most recent of them count; otherwise those that are there, and what is missing is filled in as the
 * alarm says (alarms-and-missing-data, whose tables are the test's).
 */
export function judge(range: readonly (Datapoint | undefined)[], terms: Terms): Judged {
  const { comparison, threshold, periods, toAlarm, missing = 'missing' } = terms
  const { holds } = entryOf(COMPARISONS, comparison)!
  const looked = range.flatMap((one) => one ?? []).slice(0, periods)
  const breaching = looked.filter(({ value }) => holds(value, threshold)).length
  const alarm = (yes: boolean): Judged => ({ state: yes ? 'ALARM' : 'OK', breaching, looked })
  if (looked.length >= periods) return alarm(breaching >= toAlarm)
  const lacking = periods - looked.length
  switch (missing) {
    case 'breaching':
      return alarm(breaching + lacking >= toAlarm)
    case 'notBreaching':
      return alarm(breaching >= toAlarm)
    case 'ignore':
      if (breaching >= toAlarm || breaching < looked.length) return alarm(breaching >= toAlarm)
      return { breaching, looked }
    default:
      if (!looked.length) return { state: 'INSUFFICIENT_DATA', breaching, looked }
      return alarm(breaching >= Math.min(toAlarm, looked.length))
  }
}
