/** The value of what is watched in one period. */
import type { Context } from '../../../kernel/context.ts'
import { isMath, type Watched, type WatchedMetric } from './metric-of-alarm.ts'
import { pointsOf } from './points.ts'
import { statisticOf } from './statistics.ts'

/** Undefined where there is none. */
export function valueBetween(ctx: Context, watched: Watched, from: number, to: number): number | undefined {
  const ofMetric = ({ metric, statistic, unit }: WatchedMetric) =>
    statisticOf(pointsOf(ctx, metric, from, to, unit), statistic)
  if (!isMath(watched)) return ofMetric(watched)
  return watched.math.at((id) => {
    const one = watched.metrics.get(id)
    return one && ofMetric(one)
  })
}
