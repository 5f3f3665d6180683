/** The steps in which production traffic is shifted. */
import type { ServiceDeployment, Shift } from '../state.ts'

type Ongoing = Pick<ServiceDeployment, 'configuration' | 'source'> & {
  readonly shift: Pick<Shift, 'production'>
}

/**
 * Percent of the production traffic after the next step. AWS: all at once, in equal steps, or some first. Where nothing
 * served before there is nothing to share it with.
 */
export function nextShare({ configuration = {}, shift, source }: Ongoing): number {
  const { strategy, linearConfiguration, canaryConfiguration } = configuration
  if (source === undefined) return 100
  if (strategy === 'LINEAR')
    return Math.min(100, Number((shift.production + (linearConfiguration?.stepPercent ?? 10)).toFixed(1)))
  if (strategy === 'CANARY' && shift.production === 0) return canaryConfiguration?.canaryPercent ?? 5
  return 100
}

/** Minutes that a share is watched before the next step; none after the last one. */
export function stepMinutes({ configuration = {}, shift }: Ongoing): number {
  if (shift.production >= 100) return 0
  return configuration.strategy === 'LINEAR'
    ? (configuration.linearConfiguration?.stepBakeTimeInMinutes ?? 6)
    : (configuration.canaryConfiguration?.canaryBakeTimeInMinutes ?? 10)
}
