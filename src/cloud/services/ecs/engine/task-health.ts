/** When a task of a service counts as running well. */
import type { Context } from '../../../kernel/context.ts'
import type { Service, Task } from '../state.ts'

/**
 * Milliseconds that a task without health checks runs before it counts towards the minimum healthy percent. AWS: 40
 * seconds (DeploymentConfiguration.minimumHealthyPercent); here a hundredth, as of the states that tasks pass through.
 */
const SETTLING = 400

/** When it counts as healthy; undefined where that is not a matter of time. */
export const settledAt = ({ status, started, targets }: Task): number | undefined =>
  status === 'RUNNING' && !targets.length ? (started ?? 0) + SETTLING : undefined

/** Whether it runs, with all its targets healthy. */
export const isReady = ({ status, desired, targets }: Task): boolean =>
  status === 'RUNNING' && desired === 'RUNNING' && targets.every(({ state }) => state === 'healthy')

/** Whether it counts towards the minimum healthy percent. */
export const isHealthy = (ctx: Context, task: Task): boolean =>
  isReady(task) && (settledAt(task) ?? 0) <= ctx.cloud.clock.now()

/** AWS: unhealthy targets are ignored for the grace period after a task has started (healthCheckGracePeriodSeconds). */
export function isSick(ctx: Context, { settings }: Service, { status, started = 0, targets }: Task): boolean {
  const grace = (settings.healthCheckGracePeriodSeconds ?? 0) * 1_000
  return (
    status === 'RUNNING' &&
    targets.some(({ state }) => state === 'unhealthy') &&
    started + grace <= ctx.cloud.clock.now()
  )
}
