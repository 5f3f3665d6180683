/** Statistics of what was put into a metric. */
import type { Point } from '../state.ts'
import { joined } from './points.ts'
import { unsupported } from './refuse.ts'

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const
export type Statistic = (typeof STATISTICS)[number]

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/

/** Errors: UnsupportedParameter for the trimmed means and their like. */
export function checkStatistic(statistic: string): void {
  if (!(STATISTICS as readonly string[]).includes(statistic) && !PERCENTILE.test(statistic))
    throw unsupported(`the statistic ${statistic}; it has ${STATISTICS.join(', ')} and percentiles (p90)`)
}

/** Gives a statistic of some points; undefined where there are none, or no values that a percentile is told from. */
export function statisticOf(points: readonly Point[], statistic: string): number | undefined {
  if (!points.length) return undefined
  const { count, sum, min, max, values } = joined(points)
  switch (statistic) {
    case 'SampleCount':
      return count
    case 'Average':
      return count ? sum / count : undefined
    case 'Sum':
      return sum
    case 'Minimum':
      return min
    case 'Maximum':
      return max
    default:
      return values && percentile(values, count, Number(PERCENTILE.exec(statistic)?.[1]))
  }
}

/** The smallest value that so many percent of all are not greater than. */
function percentile(
  values: Readonly<Record<string, number>>,
  count: number,
  percent: number,
): number | undefined {
  const wanted = (count * percent) / 100
  let seen = 0
  let last: number | undefined
  for (const value of Object.keys(values)
    .map(Number)
    .sort((a, b) => a - b)) {
    seen += values[String(value)] ?? 0
    last = value
    if (seen >= wanted) return value
  }
  return last
}
