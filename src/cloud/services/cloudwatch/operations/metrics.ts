/** GetMetricStatistics, GetMetricData and ListMetrics: what was put with PutMetricData. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { mathOf, type Query } from '../engine/metric-of-alarm.ts'
import { metricOf, metricsOf, pointsOf } from '../engine/points.ts'
import { badToken, invalidCombination, invalidValue, missing } from '../engine/refuse.ts'
import { checkStatistic, statisticOf } from '../engine/statistics.ts'
import { valueBetween } from '../engine/value-between.ts'
import type { Metric, Point } from '../state.ts'

/** AWS: data points of one answer. */
const MOST = 1440
/** AWS: those of GetMetricData. */
const MOST_DATA = 100_800
const READS = (action: string) => () => [{ action: `cloudwatch:${action}`, resource: '*' }]

interface Span {
  readonly from: number
  readonly to: number
  /** Milliseconds. */
  readonly period: number
}

/** Gives a span of whole periods. Errors: InvalidParameterValue, InvalidParameterCombination. */
function spanOf(start: Date | undefined, end: Date | undefined, seconds: number | undefined): Span {
  if (!start || !end || !seconds) throw missing('The parameters StartTime, EndTime and Period are required.')
  if (start.getTime() >= end.getTime())
    throw invalidValue('The parameter StartTime must be less than the parameter EndTime.')
  if (seconds % 60 && ![1, 5, 10, 20, 30].includes(seconds))
    throw invalidValue('The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.')
  const period = seconds * 1000
  return { from: Math.floor(start.getTime() / period) * period, to: end.getTime(), period }
}

interface Slice {
  readonly at: number
  readonly points: readonly Point[]
}

function slices(ctx: Context, metric: Metric, { from, to, period }: Span, unit?: string): Slice[] {
  const found = new Map<number, Point[]>()
  for (const point of pointsOf(ctx, metric, from, to, unit)) {
    const at = Math.floor(point.at / period) * period
    found.set(at, [...(found.get(at) ?? []), point])
  }
  return [...found].map(([at, points]) => ({ at, points })).sort((one, other) => one.at - other.at)
}

export const GetMetricStatistics = operation({
  service: 'cloudwatch',
  name: 'GetMetricStatistics',
  access: READS('GetMetricStatistics'),
  run: (input, ctx) => {
    const {
      Namespace = '',
      MetricName = '',
      Dimensions,
      Statistics = [],
      ExtendedStatistics = [],
      Unit,
    } = input
    const span = spanOf(input.StartTime, input.EndTime, input.Period)
    if (!Statistics.length && !ExtendedStatistics.length)
      throw missing('At least one of the parameters Statistics and ExtendedStatistics must be specified')
    if ((span.to - span.from) / span.period > MOST)
      throw invalidCombination(
        `You have requested more than ${MOST} data points; ask for a longer Period or a shorter time.`,
      )
    for (const one of ExtendedStatistics) checkStatistic(one)
    const found = slices(ctx, metricOf(Namespace, MetricName, Dimensions), span, Unit)
    return {
      Label: MetricName,
      Datapoints: found.map(({ at, points }) => ({
        Timestamp: new Date(at),
        Unit: points[0]!.unit as never,
        ...Object.fromEntries(Statistics.map((one) => [one, statisticOf(points, one)])),
        ...(ExtendedStatistics.length && {
          ExtendedStatistics: Object.fromEntries(
            ExtendedStatistics.map((one) => [one, statisticOf(points, one) ?? 0]),
          ),
        }),
      })),
    }
  },
})

/** AWS: newest first unless asked otherwise. */
export const GetMetricData = operation({
  service: 'cloudwatch',
  name: 'GetMetricData',
  access: READS('GetMetricData'),
  run: (input, ctx) => {
    refuseUnsupported(input, ['LabelOptions', 'NextToken'])
    const { MetricDataQueries: queries = [], ScanBy } = input
    const results = queries.map((query) => {
      const found =
        query.Expression === undefined ? metricData(ctx, query, input) : mathData(ctx, query, input)
      return { query, ordered: ScanBy === 'TimestampAscending' ? found : found.reverse() }
    })
    return {
      MetricDataResults: results
        .filter(({ query }) => query.ReturnData ?? true)
        .map(({ query: { Id, Label, MetricStat }, ordered }) => ({
          Id,
          Label: Label ?? MetricStat?.Metric?.MetricName ?? Id,
          StatusCode: 'Complete' as const,
          Timestamps: ordered.map(({ at }) => new Date(at)),
          Values: ordered.map(({ value }) => value),
        })),
      Messages: [],
    }
  },
})

type DataInput = Input<'cloudwatch', 'GetMetricData'>

interface Value {
  readonly at: number
  readonly value: number
}

function metricData(ctx: Context, { Id, MetricStat }: Query, { StartTime, EndTime }: DataInput): Value[] {
  if (!MetricStat) throw missing(`The query ${Id} needs a MetricStat or an Expression.`)
  const { Metric: of, Stat = '', Unit, Period } = MetricStat
  checkStatistic(Stat)
  const metric = metricOf(of?.Namespace ?? '', of?.MetricName ?? '', of?.Dimensions)
  return slices(ctx, metric, spanOf(StartTime, EndTime, Period), Unit).flatMap(({ at, points }) => {
    const value = statisticOf(points, Stat)
    return value === undefined ? [] : [{ at, value }]
  })
}

/** An expression may have values where no metric has one, so each period is looked at. */
function mathData(ctx: Context, { Id = '' }: Query, input: DataInput): Value[] {
  const watched = mathOf(input.MetricDataQueries ?? [], Id)
  const { from, to, period } = spanOf(input.StartTime, input.EndTime, watched.period / 1000)
  if ((to - from) / period > MOST_DATA)
    throw invalidValue(`More than ${MOST_DATA} data points; ask for a longer Period or a shorter time.`)
  const found: Value[] = []
  for (let at = from; at < to; at += period) {
    const value = valueBetween(ctx, watched, at, at + period)
    if (value !== undefined) found.push({ at, value })
  }
  return found
}

export const ListMetrics = operation({
  service: 'cloudwatch',
  name: 'ListMetrics',
  access: READS('ListMetrics'),
  run: (input, ctx) => {
    refuseUnsupported(input, ['RecentlyActive', 'IncludeLinkedAccounts', 'OwningAccount'])
    const { Namespace, MetricName, Dimensions = [], NextToken: token, ...query } = input
    const wanted = metricsOf(ctx).filter(
      ({ namespace, name, dimensions }) =>
        (Namespace === undefined || namespace === Namespace) &&
        (MetricName === undefined || name === MetricName) &&
        Dimensions.every(({ Name, Value }) =>
          dimensions.some((one) => one.Name === Name && (Value === undefined || one.Value === Value)),
        ),
    )
    const page = paginate(wanted, {
      token,
      limit: 500,
      query: { ...query, Namespace, MetricName, Dimensions },
      error: badToken,
    })
    return {
      Metrics: page.items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions.map((one) => ({ ...one })),
      })),
      NextToken: page.nextToken,
    }
  },
})
