/** Which metric an alarm watches, and how. */
import type { Metric, MetricSettings } from '../state.ts'
import { metricOf } from './points.ts'

export interface Watched {
  readonly metric: Metric
  /** Milliseconds. */
  readonly period: number
  readonly statistic: string
  readonly unit?: string
}

/** AWS: either the members of one metric, or a list of which one returns data. */
export function watchedBy(settings: MetricSettings): Watched | undefined {
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic, Unit, Metrics } = settings
  const of = (
    {
      Namespace: namespace = '',
      MetricName: name = '',
      Dimensions: dimensions = [],
    }: Partial<MetricSettings>,
    seconds: number | undefined,
    statistic: string | undefined,
    unit: string | undefined,
  ): Watched | undefined =>
    name && namespace && seconds && statistic
      ? { metric: metricOf(namespace, name, dimensions), period: seconds * 1000, statistic, unit }
      : undefined
  if (!Metrics?.length)
    return of({ Namespace, MetricName, Dimensions }, Period, Statistic ?? ExtendedStatistic, Unit)
  const { MetricStat: stat } = Metrics.find(({ ReturnData }) => ReturnData ?? true) ?? {}
  return stat && of(stat.Metric ?? {}, stat.Period, stat.Stat, stat.Unit)
}
