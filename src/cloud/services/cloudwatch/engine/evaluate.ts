/** Evaluating metric alarms on the cloud's clock. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'
import { alarms, type MetricAlarm } from '../state.ts'
import { COMPARISONS, type Datapoint, judge, type Terms } from './breach.ts'
import { changeState } from './change-state.ts'
import { isMath, type Watched, watchedBy } from './metric-of-alarm.ts'
import { valueBetween } from './value-between.ts'

const MINUTE = 60_000
/** AWS: an alarm with a period of less than a minute is evaluated every ten seconds. */
const OFTEN = 10_000
/** Periods that are looked at besides those evaluated. AWS: "a higher number of data points"; its tables show two more. */
const MORE = 2

const timerOf = ({ arn }: MetricAlarm): string => `alarm ${arn}`
const stepOf = ({ period }: Watched): number => (period < MINUTE ? OFTEN : MINUTE)

/** Evaluates an alarm at a time, the next full minute where none is given, and from then on. */
export function scheduleAlarm(ctx: Context, alarm: MetricAlarm, at?: number): void {
  const watched = watchedBy(alarm.settings)
  if (!watched) return
  const step = stepOf(watched)
  const next = at ?? (Math.floor(ctx.cloud.clock.now() / step) + 1) * step
  setTimer(ctx.cloud, timerOf(alarm), next, () => {
    const now = ctx.table(alarms).get(alarm.name)
    if (now?.kind !== 'MetricAlarm') return
    evaluate(ctx, now, watched)
    scheduleAlarm(ctx, now)
  })
}

export const forgetAlarm = (cloud: Cloud, alarm: MetricAlarm): void => cancelTimer(cloud, timerOf(alarm))

/** AWS: of a period of minutes the last ones are looked at, up to the last full minute. */
function evaluate(ctx: Context, alarm: MetricAlarm, watched: Watched): void {
  const { settings, name } = alarm
  const step = stepOf(watched)
  const end = Math.floor(ctx.cloud.clock.now() / step) * step
  const periods = settings.EvaluationPeriods ?? 1
  const terms: Terms = {
    comparison: settings.ComparisonOperator ?? '',
    threshold: settings.Threshold ?? 0,
    periods,
    toAlarm: settings.DatapointsToAlarm ?? periods,
    missing: settings.TreatMissingData,
  }
  const range = Array.from({ length: periods + MORE }, (_, index) => datapoint(ctx, watched, end, index))
  const { state, breaching, looked } = judge(range, terms)
  if (!state || state === alarm.state.value) return
  const reason = reasonOf(terms, looked, breaching, state)
  changeState(ctx, name, { value: state, reason, data: dataOf(ctx, watched, terms, looked) })
}

function datapoint(ctx: Context, watched: Watched, end: number, index: number): Datapoint | undefined {
  const to = end - index * watched.period
  const value = valueBetween(ctx, watched, to - watched.period, to)
  return value === undefined ? undefined : { at: to - watched.period, value }
}

const number = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

/** AWS: `1.0 (01/12/26 12:00:00)`. */
function written({ at, value }: Datapoint): string {
  const [day, time] = new Date(at).toISOString().slice(2, 19).split('T')
  return `${number(value)} (${day!.split('-').reverse().join('/')} ${time})`
}

function reasonOf(terms: Terms, looked: readonly Datapoint[], breaching: number, state: string): string {
  const { comparison, threshold, periods, toAlarm, missing } = terms
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${periods} datapoint${periods > 1 ? 's were' : ' was'} unknown.`
  const { words } = COMPARISONS[comparison]!
  if (!looked.length)
    return `Threshold Crossed: no datapoints were received for ${periods} period${periods > 1 ? 's' : ''} and ${periods} missing datapoint${periods > 1 ? 's were' : ' was'} treated as [${missing === 'breaching' ? 'Breaching' : 'NonBreaching'}].`
  const isAlarm = state === 'ALARM'
  const count = isAlarm ? breaching : looked.length - breaching
  const list = looked.map(written).join(', ')
  const was = looked.length === 1 ? 'was' : 'were'
  return (
    `Threshold Crossed: ${count} out of the last ${looked.length} datapoint${looked.length > 1 ? 's' : ''} [${list}] ${was} ${isAlarm ? '' : 'not '}${words} ` +
    `the threshold (${number(threshold)}) (minimum ${isAlarm ? toAlarm : periods - toAlarm + 1} datapoint${(isAlarm ? toAlarm : periods - toAlarm + 1) > 1 ? 's' : ''} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`
  )
}

const dataOf = (
  { cloud }: Context,
  watched: Watched,
  { threshold }: Terms,
  looked: readonly Datapoint[],
): string =>
  JSON.stringify({
    version: '1.0',
    queryDate: cloud.clock.date().toISOString().replace('Z', '+0000'),
    ...(!isMath(watched) && { statistic: watched.statistic }),
    period: watched.period / 1000,
    recentDatapoints: looked.map(({ value }) => value),
    threshold,
    evaluatedDatapoints: looked.map(({ at, value }) => ({
      timestamp: new Date(at).toISOString().replace('Z', '+0000'),
      value,
    })),
  })

/** Goes on with the alarms that were there before. */
export function resumeAlarms(cloud: Cloud, contextIn: (account: string, region: string) => Context): void {
  for (const { account, region, table } of cloud.store.everywhere(alarms))
    for (const alarm of table.values())
      if (alarm.kind === 'MetricAlarm') scheduleAlarm(contextIn(account, region), alarm)
}
