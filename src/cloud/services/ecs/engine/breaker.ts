/** The circuit breaker: which failures of a deployment it counts, and when it ends it. */
import type { Context } from '../../../kernel/context.ts'
import { type Service, type Task, tasks } from '../state.ts'
import { BREAKER, failed } from './rollout-end.ts'
import { breakerOf } from './rollout-rules.ts'
import { ongoingOf, saveServiceDeployment } from './service-deployments.ts'
import { isReady } from './task-health.ts'

/** Gives the service after tasks of one of its deployments failed, to start or by their health checks. */
export function countFailures(ctx: Context, service: Service, id: string, count: number): Service {
  const deployment = service.deployments.find((one) => one.id === id)
  const ongoing = ongoingOf(ctx, service)
  const isWatched = deployment?.status === 'PRIMARY' && deployment.rolloutState === 'IN_PROGRESS'
  if (!ongoing || !isWatched || count === 0) return service
  const failures = ongoing.failures + count
  const { enable, rollback, threshold } = breakerOf(service)
  // A rollback that fails itself is counted anew.
  const trips = enable && failures - (ongoing.rollback?.failures ?? 0) >= threshold
  saveServiceDeployment(ctx, { ...ongoing, failures, tripped: ongoing.tripped || trips })
  return trips ? failed(ctx, service, deployment, { ...BREAKER, rollback }) : service
}

/** AWS: a task that comes to be healthy starts the count anew, unless the service says otherwise (resetOnHealthyTask). */
export function forgetFailures(ctx: Context, service: Service, own: readonly Task[]): void {
  const fresh = own.filter((one) => isReady(one) && !one.wasReady)
  for (const one of fresh) ctx.table(tasks).put(one.arn, { ...one, wasReady: true })
  const ongoing = ongoingOf(ctx, service)
  const { deploymentCircuitBreaker: breaker } = service.settings.deploymentConfiguration ?? {}
  if (!fresh.length || !ongoing?.failures || ongoing.rollback || breaker?.resetOnHealthyTask === false) return
  saveServiceDeployment(ctx, { ...ongoing, failures: 0 })
}
