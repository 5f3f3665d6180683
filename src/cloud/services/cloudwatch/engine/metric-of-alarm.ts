/** What an alarm watches, and how. */
import { AwsError } from '../../../../model/index.ts'
import type { Metric, MetricSettings } from '../state.ts'
import type { Single } from './math-functions.ts'
import { parseMath } from './metric-math.ts'
import { metricOf } from './points.ts'
import { unsupported } from './refuse.ts'

export interface WatchedMetric {
  readonly metric: Metric
  /** Milliseconds. */
  readonly period: number
  readonly statistic: string
  readonly unit?: string
}

export interface WatchedMath {
  /** By their ids. */
  readonly metrics: ReadonlyMap<string, WatchedMetric>
  /** Milliseconds. */
  readonly period: number
  readonly math: Single
}

export type Watched = WatchedMetric | WatchedMath

export type Query = NonNullable<MetricSettings['Metrics']>[number]

export const isMath = (watched: Watched): watched is WatchedMath => 'math' in watched

/** The one that returns data. */
export const returning = (queries: readonly Query[]): Query | undefined =>
  queries.find(({ ReturnData }) => ReturnData ?? true)

/**
 * AWS: either the members of one metric, or a list of which one returns data: a metric, or an expression on the others.
 * Errors: ValidationError, UnsupportedParameter.
 */
export function watchedBy(settings: MetricSettings): Watched | undefined {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit, Metrics } = settings
  if (!Metrics?.length)
    return metricIn({ Namespace, MetricName, Dimensions }, Period, Statistic ?? ExtendedStatistic, Unit)
  const { Expression, MetricStat, Id = '' } = returning(Metrics) ?? {}
  return Expression === undefined ? MetricStat && statIn(MetricStat) : mathOf(Metrics, Id)
}

const statIn = ({ Metric, Period, Stat, Unit }: NonNullable<Query['MetricStat']>) =>
  metricIn(Metric ?? {}, Period, Stat, Unit)

function metricIn(
  {
    Namespace: namespace = '',
    MetricName: name = '',
    Dimensions: dimensions = [],
  }: Partial<Pick<MetricSettings, 'Namespace' | 'MetricName' | 'Dimensions'>>,
  seconds: number | undefined,
  statistic: string | undefined,
  unit: string | undefined,
): WatchedMetric | undefined {
  return name && namespace && seconds && statistic
    ? { metric: metricOf(namespace, name, dimensions), period: seconds * 1000, statistic, unit }
    : undefined
}

const invalidList = (why: string): AwsError => new AwsError('ValidationError', `Invalid metrics list: ${why}`)

/** Gives an expression of a list by its id. Errors: ValidationError, UnsupportedParameter. */
export function mathOf(queries: readonly Query[], wanted: string): WatchedMath {
  const metrics = new Map<string, WatchedMetric>()
  const expressions = new Map<string, string>()
  for (const { Id = '', Expression, MetricStat } of queries) {
    if (metrics.has(Id) || expressions.has(Id)) throw invalidList(`the id ${Id} comes twice`)
    const stat = MetricStat && statIn(MetricStat)
    if (Expression !== undefined && !MetricStat) expressions.set(Id, Expression)
    else if (stat && Expression === undefined) metrics.set(Id, stat)
    else throw invalidList(`${Id} needs either an Expression or a whole MetricStat`)
  }
  const period = commonPeriod(metrics, queries)
  const names = { metrics: [...metrics.keys()], period: period / 1000 }
  const read = (id: string, inside: readonly string[]): Single | undefined => {
    const text = expressions.get(id)
    if (inside.includes(id)) throw invalidList(`${id} is calculated from itself`)
    if (text !== undefined)
      return parseMath(text, { ...names, find: (other) => read(other, [...inside, id]) })
    return metrics.has(id) ? { isSeries: true, at: (value) => value(id) } : undefined
  }
  return { metrics, period, math: read(wanted, [])! }
}

/** Metrics of several periods would have to be brought to one. Errors: ValidationError, UnsupportedParameter. */
function commonPeriod(metrics: ReadonlyMap<string, WatchedMetric>, queries: readonly Query[]): number {
  const given = queries.flatMap(({ Period }) => (Period === undefined ? [] : [Period * 1000]))
  const [period, ...others] = new Set([...[...metrics.values()].map((one) => one.period), ...given])
  if (!metrics.size || period === undefined) throw invalidList('an expression needs a metric')
  if (others.length)
    throw unsupported('expressions beside metrics of different periods; give them all the same')
  return period
}
