/** Task sets: each is held at its share of the service's tasks, and says when it is there. */
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { type Service, services, type Task, type TaskSet, taskSets, tasks, tasksOf } from '../state.ts'
import { hold, isHeld } from './hold.ts'
import { publishAction } from './publish.ts'
import { breakerOf, retryAfter } from './rollout-rules.ts'
import { saveService, withEvent, withTaskSetEvent } from './service-record.ts'
import { hasFailed, impaired, toldFailure } from './task-failures.ts'
import { computedCount, saveTaskSet, taskSetsIn } from './task-set-record.ts'
import { watchHealth } from './watch-health.ts'

/** Looks at the task sets of a service and does what they are in want of; the service and they are kept. */
export function rollTaskSets(ctx: Context, service: Service): void {
  const all = ctx
    .table(tasks)
    .where(tasksOf, service.arn)
    .filter(({ status }) => status !== 'STOPPED')
  let next = service
  for (const set of taskSetsIn(ctx, service)) {
    const own = all.filter(({ startedBy }) => startedBy === set.id)
    if (computedCount(service, set) === 0 && set.status === 'DRAINING' && !own.length)
      ctx.table(taskSets).delete(set.arn)
    else next = scaled(ctx, next, set, own)
  }
  const left = taskSetsIn(ctx, service)
  if (service.status === 'DRAINING' && !left.length) next = { ...next, status: 'INACTIVE' }
  else if (left.length && left.every(({ isStable }) => isStable)) next = steady(ctx, next)
  else next = { ...next, told: undefined }
  saveService(ctx, next)
  watchHealth(ctx, service.arn, () => again(ctx, service.arn))
}

function scaled(ctx: Context, service: Service, set: TaskSet, own: readonly Task[]): Service {
  const count = computedCount(service, set)
  const next = hold(ctx, service, set, {
    own,
    count,
    again: (at) => setTimer(ctx.cloud, `ecs roll ${service.arn}`, at, () => again(ctx, service.arn)),
  })
  const isStable = isHeld(own, count)
  return isStable === set.isStable ? next : settled(ctx, next, set, isStable)
}

function again(ctx: Context, arn: string): void {
  const service = ctx.table(services).get(arn)
  if (service && service.status !== 'INACTIVE') rollTaskSets(ctx, service)
}

/** AWS: `STEADY_STATE` and `STABILIZING`; the first of them is told. */
function settled(ctx: Context, service: Service, set: TaskSet, isStable: boolean): Service {
  saveTaskSet(ctx, { ...set, isStable, stableSince: ctx.cloud.clock.now() })
  if (!isStable) return service
  publishAction(ctx, service, 'INFO', 'TASKSET_STEADY_STATE', { taskSetArns: [set.arn] })
  return withTaskSetEvent(ctx, service, set.id, 'updated state to STEADY_STATE.')
}

function steady(ctx: Context, service: Service): Service {
  if (service.told === 'steady') return service
  publishAction(ctx, service, 'INFO', 'SERVICE_STEADY_STATE')
  return withEvent(ctx, service, 'has reached a steady state.', 'steady')
}

/** A task of a task set runs, which ends the row of failures, or is no more, which is one more where it never ran. */
export function taskOfSetHasMoved(
  ctx: Context,
  service: Service,
  task: Task,
  digests: TaskSet['digests'],
): void {
  const set = taskSetsIn(ctx, service).find(({ id }) => id === task.startedBy)
  if (set && task.status === 'RUNNING') saveTaskSet(ctx, { ...set, failedTasks: 0, digests })
  let next = service
  if (set && hasFailed(task)) next = failedOnce(ctx, service, set, task)
  rollTaskSets(ctx, next)
}

function failedOnce(ctx: Context, service: Service, set: TaskSet, task: Task): Service {
  const failedTasks = set.failedTasks + 1
  saveTaskSet(ctx, { ...set, failedTasks, notBefore: ctx.cloud.clock.now() + retryAfter(failedTasks) })
  const next = toldFailure(ctx, service, task)
  return failedTasks === breakerOf(service).threshold ? impaired(ctx, next) : next
}
