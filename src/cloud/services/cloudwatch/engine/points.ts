/** What was put into metrics, by hours, so that a minute's data is one small record. */
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Dimension, type Hour, hours, type Metric, type Point } from '../state.ts'

const HOUR = 3_600_000
/** AWS: data points of a minute are kept for 15 days, and in no finer resolution for longer. */
const KEPT = 15 * 24 * HOUR

export const metricOf = (
  namespace: string,
  name: string,
  dimensions: readonly Partial<Dimension>[] = [],
): Metric => ({
  namespace,
  name,
  dimensions: dimensions
    .map(({ Name = '', Value = '' }) => ({ Name, Value }))
    .sort((one, other) => (one.Name < other.Name ? -1 : 1)),
})

/** AWS: a metric is its namespace, its name and all of its dimensions. */
export const keyOf = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, ...dimensions.map(({ Name, Value }) => [Name, Value])])

const hourKey = (metric: Metric, start: number): string => `${keyOf(metric)} ${start}`
const hourOf = (at: number): number => Math.floor(at / HOUR) * HOUR

/** Adds to what is there of the same time and unit. */
export function putPoint(ctx: Context, metric: Metric, point: Point): void {
  const table = ctx.table(hours)
  const start = hourOf(point.at)
  const key = hourKey(metric, start)
  const known = table.get(key)
  if (!known)
    for (const [old, { start: began }] of table.entries()) if (began < start - KEPT) table.delete(old)
  const points = known?.points ?? []
  const same = points.findIndex(({ at, unit }) => at === point.at && unit === point.unit)
  const next = same < 0 ? [...points, point] : points.with(same, joined([points[same]!, point]))
  table.put(key, { metric, start, points: next })
}

/** Gives the points of a metric from one time to another, the latter not included. */
export function pointsOf(ctx: Context, metric: Metric, from: number, to: number, unit?: string): Point[] {
  const table = ctx.table(hours)
  const found: Point[] = []
  const first = Math.max(hourOf(from), hourOf(ctx.cloud.clock.now()) - KEPT)
  for (let start = first; start < to; start += HOUR)
    for (const point of table.get(hourKey(metric, start))?.points ?? [])
      if (point.at >= from && point.at < to && (unit === undefined || unit === point.unit)) found.push(point)
  return found
}

/** Gives every metric that something was put into, once. */
export const metricsOf = (ctx: Context): Metric[] => [
  ...new Map(
    ctx
      .table(hours)
      .values()
      .map(({ metric }: Hour) => [keyOf(metric), metric] as const),
  ).values(),
]

/** Gives one point for several, at the time of the first. */
export function joined(points: readonly Point[]): Point {
  const [{ at, unit }] = points as [Point]
  const values: Record<string, number> = {}
  for (const point of points)
    for (const [value, count] of Object.entries(point.values ?? {}))
      values[value] = (entryOf(values, value) ?? 0) + count
  return {
    at,
    unit,
    count: points.reduce((sum, { count }) => sum + count, 0),
    sum: points.reduce((total, { sum }) => total + sum, 0),
    min: Math.min(...points.map(({ min }) => min)),
    max: Math.max(...points.map(({ max }) => max)),
    ...(points.every((point) => point.values) && { values }),
  }
}
