/** Deployments that shift traffic: the tasks of both revisions, as the stage wants them. */
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, Service, ServiceDeployment, Task } from '../state.ts'
import { countFailures, forgetFailures } from './breaker.ts'
import { hold } from './hold.ts'
import { saveService } from './service-record.ts'
import { isSick } from './task-health.ts'

/** Gives how many tasks a deployment is to have. AWS: the old revision keeps all until it is cleaned up. */
export function wantedCount(
  { desiredCount }: Service,
  ongoing: ServiceDeployment,
  { id }: Deployment,
): number {
  const { stage, isUp } = ongoing.shift!
  const isCleaning = stage === 'CLEAN_UP'
  if (id === ongoing.deployment) return isUp && !(isCleaning && ongoing.rollback) ? desiredCount : 0
  return id === ongoing.source && !(isCleaning && !ongoing.rollback) ? desiredCount : 0
}

/** Holds each deployment of a service at its number; the service is kept. */
export function shiftTasks(
  ctx: Context,
  service: Service,
  { ongoing, all, again }: { ongoing: ServiceDeployment; all: readonly Task[]; again: (at: number) => void },
): void {
  let next = service
  for (const deployment of service.deployments) {
    const own = all.filter(({ startedBy }) => startedBy === deployment.id)
    if (deployment.status === 'PRIMARY') forgetFailures(ctx, service, own)
    const sick = own.filter((one) => one.desired === 'RUNNING' && isSick(ctx, service, one)).length
    const count = wantedCount(service, ongoing, deployment)
    next = countFailures(ctx, hold(ctx, next, deployment, { own, count, again }), deployment.id, sick)
  }
  if (next !== service) saveService(ctx, next)
}
