/** When a task of a service counts as healthy. */
import type { Context } from '../../../kernel/context.ts'
import type { Task } from '../state.ts'

/**
 * Milliseconds that a task without health checks runs before it counts towards the minimum healthy percent. AWS: 40
 * seconds (DeploymentConfiguration.minimumHealthyPercent); here a hundredth, as of the states that tasks pass through.
 */
const SETTLING = 400

/** When it counts as healthy; undefined where that is not a matter of time. */
export const settledAt = ({ status, started }: Task): number | undefined =>
  status === 'RUNNING' ? (started ?? 0) + SETTLING : undefined

export const isHealthy = (ctx: Context, task: Task): boolean =>
  task.desired === 'RUNNING' && (settledAt(task) ?? Number.POSITIVE_INFINITY) <= ctx.cloud.clock.now()
