/** The scheduler of services: looks at what a service has and has its deployments or task sets go on. */
import type { Context } from '../../../kernel/context.ts'
import { type Deployment, type Service, services, type Task, tasks, tasksOf } from '../state.ts'
import { countFailures } from './breaker.ts'
import { watchAlarms } from './deployment-alarms.ts'
import { rollAgain, rollTasks } from './rolling.ts'
import { breakerOf, retryAfter } from './rollout-rules.ts'
import { stopTasks } from './scale.ts'
import { forgetServiceDeployments, ongoingOf } from './service-deployments.ts'
import { saveService, withDeployment } from './service-record.ts'
import { shiftTasks } from './shifting.ts'
import { drive } from './stages.ts'
import { hasFailed, impaired, toldFailure } from './task-failures.ts'
import { rollTaskSets, taskOfSetHasMoved } from './task-sets.ts'
import { watchHealth } from './watch-health.ts'

/** Looks at a service and does what it is in want of; gives nothing back, the service is kept. */
export function roll(ctx: Context, arn: string): void {
  const service = ctx.table(services).get(arn)
  if (!service || service.status === 'INACTIVE') return
  if (service.controller !== 'ECS') return rollTaskSets(ctx, service)
  const all = ctx
    .table(tasks)
    .where(tasksOf, arn)
    .filter(({ status }) => status !== 'STOPPED')
  if (service.status === 'DRAINING') return drain(ctx, service, all)
  const again = (at: number) => rollAgain(ctx, service, at, () => roll(ctx, arn))
  const ongoing = ongoingOf(ctx, service)
  if (ongoing?.shift) {
    shiftTasks(ctx, service, { ongoing, all, again })
    drive(ctx, arn, () => roll(ctx, arn))
  } else rollTasks(ctx, service, all, again)
  watchAlarms(ctx, arn, (of) => roll(ctx, of))
  watchHealth(ctx, arn, () => roll(ctx, arn))
}

function drain(ctx: Context, service: Service, all: readonly Task[]): void {
  const running = all.filter(({ desired }) => desired === 'RUNNING')
  if (running.length) saveService(ctx, stopTasks(ctx, service, running))
  else if (!all.length) {
    forgetServiceDeployments(ctx, service.arn)
    saveService(ctx, { ...service, status: 'INACTIVE', deployments: [], ongoing: undefined })
  }
}

/** A task has come to run, or is no more. */
export function taskHasMoved(ctx: Context, arn: string, digests: Deployment['digests'] = {}): void {
  const task = ctx.table(tasks).get(arn)
  const service = task?.service === undefined ? undefined : ctx.table(services).get(task.service)
  if (!task || !service) return
  if (service.controller !== 'ECS') taskOfSetHasMoved(ctx, service, task, digests)
  else if (task.status === 'RUNNING') taskStarted(ctx, service, task, digests)
  else taskStopped(ctx, service, task)
}

/** A task of a service runs. AWS: that ends the row of failures. */
function taskStarted(ctx: Context, service: Service, task: Task, digests: Deployment['digests']): void {
  saveService(ctx, withDeployment(ctx, service, task.startedBy!, { failedTasks: 0, digests }))
  roll(ctx, service.arn)
}

/** A task of a service is no more; one that never ran counts as failed. */
function taskStopped(ctx: Context, service: Service, task: Task): void {
  const deployment = service.deployments.find(({ id }) => id === task.startedBy)
  if (hasFailed(task) && deployment?.status === 'PRIMARY' && service.status === 'ACTIVE')
    saveService(ctx, failedOnce(ctx, service, deployment, task))
  roll(ctx, service.arn)
}

/** AWS: with a task that runs, failures to start are ignored, and health checks count instead. */
const hasRunning = (ctx: Context, { arn }: Service, { id }: Deployment): boolean =>
  ctx
    .table(tasks)
    .where(tasksOf, arn)
    .some(({ startedBy, status }) => startedBy === id && status === 'RUNNING')

function failedOnce(ctx: Context, service: Service, deployment: Deployment, task: Task): Service {
  const failedTasks = deployment.failedTasks + 1
  const notBefore = ctx.cloud.clock.now() + retryAfter(failedTasks)
  let next = withDeployment(ctx, service, deployment.id, { failedTasks, notBefore })
  next = toldFailure(ctx, next, task)
  if (failedTasks === breakerOf(service).threshold) next = impaired(ctx, next)
  return countFailures(ctx, next, deployment.id, hasRunning(ctx, service, deployment) ? 0 : 1)
}
