/** GetMetricStatistics, GetMetricData and ListMetrics: what was put with PutMetricData. */
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { metricOf, metricsOf, pointsOf } from '../engine/points.ts'
import { badToken, invalidCombination, invalidValue, missing, unsupported } from '../engine/refuse.ts'
import { checkStatistic, statisticOf } from '../engine/statistics.ts'
import type { Metric, Point } from '../state.ts'

/** AWS: data points of one answer. */
const MOST = 1440
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

type Query = NonNullable<Input<'cloudwatch', 'GetMetricData'>['MetricDataQueries']>[number]

/** AWS: newest first unless asked otherwise. Expressions are refused by name. */
export const GetMetricData = operation({
  service: 'cloudwatch',
  name: 'GetMetricData',
  access: READS('GetMetricData'),
  run: (input, ctx) => {
    refuseUnsupported(input, ['LabelOptions', 'NextToken'])
    const { MetricDataQueries = [], StartTime, EndTime, ScanBy } = input
    return {
      MetricDataResults: MetricDataQueries.filter(({ ReturnData }) => ReturnData ?? true).map((query) =>
        resultOf(ctx, query, { StartTime, EndTime, isAscending: ScanBy === 'TimestampAscending' }),
      ),
      Messages: [],
    }
  },
})

function resultOf(
  ctx: Context,
  { Id, Label, MetricStat, Expression }: Query,
  { StartTime, EndTime, isAscending }: { StartTime?: Date; EndTime?: Date; isAscending: boolean },
) {
  if (Expression !== undefined || !MetricStat) throw unsupported('expressions in GetMetricData')
  const { Metric: of, Stat = '', Unit, Period } = MetricStat
  checkStatistic(Stat)
  const metric = metricOf(of?.Namespace ?? '', of?.MetricName ?? '', of?.Dimensions)
  const found = slices(ctx, metric, spanOf(StartTime, EndTime, Period), Unit).flatMap(({ at, points }) => {
    const value = statisticOf(points, Stat)
    return value === undefined ? [] : [{ at, value }]
  })
  const ordered = isAscending ? found : found.reverse()
  return {
    Id,
    Label: Label ?? metric.name,
    StatusCode: 'Complete' as const,
    Timestamps: ordered.map(({ at }) => new Date(at)),
    Values: ordered.map(({ value }) => value),
  }
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
