/** The numbers of rolling deployments. */
import type { Service } from '../state.ts'

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

/** AWS: half of the tasks, 3 at least and 200 at most ("How the Amazon ECS deployment circuit breaker detects failures"). */
export function breakerOf({ desiredCount, settings }: Pick<Service, 'desiredCount' | 'settings'>) {
  const { enable = false, rollback = false } =
    settings.deploymentConfiguration?.deploymentCircuitBreaker ?? {}
  return { enable, rollback, threshold: Math.min(200, Math.max(3, Math.ceil(desiredCount / 2))) }
}

/** AWS: the wait before the next attempt grows to 27 minutes ("Amazon ECS service throttle logic"); how, nobody says. */
const LONGEST = 27 * 60_000

/** Milliseconds until a task is started after so many that failed in a row. */
export const retryAfter = (failures: number): number => Math.min(LONGEST, 500 * 2 ** Math.min(failures, 20))
