/** The numbers of rolling deployments. */
import type { Service, Settings } from '../state.ts'

export interface Bounds {
  /** Tasks that have to run. */
  readonly least: number
  /** Tasks that there may be. */
  readonly most: number
}

/** AWS: the least is rounded up, the most down ("Amazon ECS service event messages"). */
export function bounds({ desiredCount, settings }: Pick<Service, 'desiredCount' | 'settings'>): Bounds {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = settings.deploymentConfiguration ?? {}
  return {
    least: Math.ceil((desiredCount * minimumHealthyPercent) / 100),
    most: Math.floor((desiredCount * maximumPercent) / 100),
  }
}

type Breaker = NonNullable<NonNullable<Settings['deploymentConfiguration']>['deploymentCircuitBreaker']>

/**
 * AWS: a share of the tasks, half of them unless it is said, 3 at least and 200 at most; or a share without bounds, or a
 * number ("How the Amazon ECS deployment circuit breaker detects failures", ThresholdConfiguration).
 */
function thresholdOf(desiredCount: number, { thresholdConfiguration: given }: Partial<Breaker>): number {
  const { type = 'BOUNDED_PERCENT', value = 50 } = given ?? {}
  if (type === 'COUNT') return value
  const share = Math.ceil((desiredCount * value) / 100)
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(200, Math.max(3, share))
}

export function breakerOf({ desiredCount, settings }: Pick<Service, 'desiredCount' | 'settings'>) {
  const breaker = settings.deploymentConfiguration?.deploymentCircuitBreaker
  const { enable = false, rollback = false } = breaker ?? {}
  return { enable, rollback, threshold: thresholdOf(desiredCount, breaker ?? {}) }
}

/** AWS: the wait before the next attempt grows to 27 minutes ("Amazon ECS service throttle logic"); how, nobody says. */
const LONGEST = 27 * 60_000

/** Milliseconds until a task is started after so many that failed in a row. */
export const retryAfter = (failures: number): number => Math.min(LONGEST, 500 * 2 ** Math.min(failures, 20))
