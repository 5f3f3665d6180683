/** Moving traffic by time: AWS's TimeBasedCanary, TimeBasedLinear and AllAtOnce. */
import type { RoutingConfiguration } from '../state.ts'

const MINUTE = 60_000

/**
 * Gives the percentage that comes after one. AWS: a canary moves a part and then the rest, a linear shift equal parts, of
 * which the first moves at once.
 */
export function nextWeight(
  { type, timeBasedCanary, timeBasedLinear }: RoutingConfiguration,
  weight: number,
): number {
  if (type === 'TimeBasedCanary') return weight === 0 ? (timeBasedCanary?.canaryPercentage ?? 100) : 100
  if (type === 'TimeBasedLinear') return Math.min(100, weight + (timeBasedLinear?.linearPercentage ?? 100))
  return 100
}

/** Gives the milliseconds between two shifts. */
export const pauseOf = ({ timeBasedCanary, timeBasedLinear }: RoutingConfiguration): number =>
  (timeBasedCanary?.canaryInterval ?? timeBasedLinear?.linearInterval ?? 0) * MINUTE
