/** Rolling deployments: what of a service's tasks is to be started and stopped, and how a deployment ends. */
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { type Deployment, type Service, services, type Task, tasks, tasksOf } from '../state.ts'
import { publishAction } from './publish.ts'
import { type Bounds, bounds, breakerOf, retryAfter } from './rollout-rules.ts'
import { startTasks, stopTasks } from './scale.ts'
import { primaryOf, saveService, withDeployment, withEvent, withRollout } from './service-record.ts'
import { impaired, toldFailure } from './task-failures.ts'
import { rollTaskSets, taskOfSetHasMoved } from './task-sets.ts'

/** Looks at a service and does what its deployments are in want of; gives nothing back, the service is kept. */
export function roll(ctx: Context, arn: string): void {
  const service = ctx.table(services).get(arn)
  if (!service || service.status === 'INACTIVE') return
  if (service.controller !== 'ECS') return rollTaskSets(ctx, service)
  const all = ctx
    .table(tasks)
    .where(tasksOf, arn)
    .filter(({ status }) => status !== 'STOPPED')
  if (service.status === 'DRAINING') return drain(ctx, service, all)
  const primary = primaryOf(service)
  const wanted = all.filter(({ desired }) => desired === 'RUNNING')
  const own = wanted.filter(({ startedBy }) => startedBy === primary.id)
  const old = wanted.filter(({ startedBy }) => startedBy !== primary.id)
  const limits = bounds(service)
  const running = wanted.filter(({ status }) => status === 'RUNNING').length
  const surplus = own.slice(service.desiredCount)
  const ending = [...surplus, ...stoppable(old, running - countRunning(surplus), limits)]
  const room = Math.min(service.desiredCount - own.length, limits.most - wanted.length)
  const now = ctx.cloud.clock.now()
  // AWS: a deployment that failed with nothing to go back to is stalled.
  const starting = primary.rolloutState === 'FAILED' || primary.notBefore > now ? 0 : Math.max(0, room)
  if (room > 0 && primary.notBefore > now) again(ctx, service, primary.notBefore)
  let next = service
  if (starting) next = startTasks(ctx, next, primary, starting)
  if (ending.length) next = stopTasks(ctx, next, ending)
  if (isDone(service, own, all)) next = completed(ctx, next, primary)
  else if (isStuck(old, own, starting + ending.length, all.length - wanted.length)) next = stuck(ctx, next)
  if (next !== service) saveService(ctx, next)
}

const countRunning = (some: readonly Task[]): number =>
  some.filter(({ status }) => status === 'RUNNING').length

/** AWS: what does not run yet counts for nothing and may go at once; of the rest enough stay. */
function stoppable(old: readonly Task[], running: number, { least }: Bounds): Task[] {
  const idle = old.filter(({ status }) => status !== 'RUNNING')
  const spare = Math.max(0, running - least)
  return [...idle, ...old.filter(({ status }) => status === 'RUNNING').slice(0, spare)]
}

const again = (ctx: Context, { arn }: Service, at: number): void =>
  setTimer(ctx.cloud, `ecs roll ${arn}`, at, () => roll(ctx, arn))

const isDone = ({ desiredCount }: Service, own: readonly Task[], all: readonly Task[]): boolean =>
  own.length === desiredCount && own.length === all.length && own.every(({ status }) => status === 'RUNNING')

const isStuck = (old: readonly Task[], own: readonly Task[], moves: number, ending: number): boolean =>
  old.length > 0 && moves === 0 && ending === 0 && own.every(({ status }) => status === 'RUNNING')

function stuck(ctx: Context, service: Service): Service {
  if (service.told === 'stuck' || primaryOf(service).failedTasks > 0) return service
  return withEvent(
    ctx,
    service,
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    'stuck',
  )
}

function completed(ctx: Context, service: Service, { id, rolloutState }: Deployment): Service {
  if (rolloutState !== 'IN_PROGRESS' && service.told === 'steady') return service
  let next: Service = { ...service, deployments: service.deployments.filter((one) => one.id === id) }
  if (rolloutState === 'IN_PROGRESS') {
    next = withEvent(ctx, next, `(deployment ${id}) deployment completed.`)
    const rolloutStateReason = `ECS deployment ${id} completed.`
    next = withRollout(ctx, next, id, { rolloutState: 'COMPLETED', rolloutStateReason })
  }
  publishAction(ctx, next, 'INFO', 'SERVICE_STEADY_STATE')
  return withEvent(ctx, next, 'has reached a steady state.', 'steady')
}

function drain(ctx: Context, service: Service, all: readonly Task[]): void {
  const running = all.filter(({ desired }) => desired === 'RUNNING')
  if (running.length) saveService(ctx, stopTasks(ctx, service, running))
  else if (!all.length) saveService(ctx, { ...service, status: 'INACTIVE', deployments: [] })
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
  if (
    task.stopCode === 'TaskFailedToStart' &&
    deployment?.status === 'PRIMARY' &&
    service.status === 'ACTIVE'
  )
    saveService(ctx, failedOnce(ctx, service, deployment, task))
  roll(ctx, service.arn)
}

function failedOnce(ctx: Context, service: Service, deployment: Deployment, task: Task): Service {
  const failedTasks = deployment.failedTasks + 1
  const notBefore = ctx.cloud.clock.now() + retryAfter(failedTasks)
  let next = withDeployment(ctx, service, deployment.id, { failedTasks, notBefore })
  const breaker = breakerOf(service)
  next = toldFailure(ctx, next, task)
  if (deployment.rolloutState !== 'IN_PROGRESS') return next
  if (breaker.enable && failedTasks >= breaker.threshold)
    return broken(ctx, next, deployment, breaker.rollback)
  return failedTasks === breaker.threshold ? impaired(ctx, next) : next
}

/**
 * AWS: the newest completed deployment is begun once more and becomes the primary one; where there is none the service
 * stalls ("How the Amazon ECS deployment circuit breaker detects failures").
 */
function broken(ctx: Context, service: Service, { id }: Deployment, rollback: boolean): Service {
  const target = rollback
    ? service.deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED')
    : undefined
  const reason = 'ECS deployment circuit breaker: task failed to start.'
  let next = withEvent(ctx, service, `(deployment ${id}) deployment failed: tasks failed to start.`)
  next = withRollout(ctx, next, id, {
    rolloutState: 'FAILED',
    rolloutStateReason: reason,
    status: target ? 'ACTIVE' : 'PRIMARY',
  })
  if (!target) return next
  const rolloutStateReason = `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`
  next = withEvent(ctx, next, `rolling back to deployment ${target.id}.`)
  next = withRollout(ctx, next, target.id, {
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason,
    status: 'PRIMARY',
  })
  const [primary, others] = [primaryOf(next), next.deployments.filter(({ status }) => status !== 'PRIMARY')]
  return { ...next, taskDefinition: target.taskDefinition, deployments: [primary, ...others] }
}
