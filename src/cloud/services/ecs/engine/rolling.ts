/** Rolling deployments: what of a service's tasks is to be started and stopped. */
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import type { Service, Task } from '../state.ts'
import { countFailures, forgetFailures } from './breaker.ts'
import { baked, completed, deployed } from './rollout-end.ts'
import { bounds } from './rollout-rules.ts'
import { startTasks, stopSick, stopTasks } from './scale.ts'
import { ongoingOf } from './service-deployments.ts'
import { primaryOf, saveService, withEvent } from './service-record.ts'
import { isHealthy, isReady, isSick, settledAt } from './task-health.ts'

/** Those of a service that are not stopped. */
interface Standing {
  readonly all: readonly Task[]
  readonly wanted: readonly Task[]
  /** Of the primary deployment, without those whose targets are unhealthy. */
  readonly own: readonly Task[]
  readonly sick: readonly Task[]
  readonly old: readonly Task[]
}

function standing(ctx: Context, service: Service, all: readonly Task[]): Standing {
  const { id } = primaryOf(service)
  const wanted = all.filter(({ desired }) => desired === 'RUNNING')
  const mine = wanted.filter(({ startedBy }) => startedBy === id)
  const sick = mine.filter((one) => isSick(ctx, service, one))
  return {
    all,
    wanted,
    own: mine.filter((one) => !sick.includes(one)),
    sick,
    old: wanted.filter(({ startedBy }) => startedBy !== id),
  }
}

/** Does what the deployments of a service are in want of; `again` has it looked at once more at a time. */
export function rollTasks(
  ctx: Context,
  service: Service,
  all: readonly Task[],
  again: (at: number) => void,
): void {
  const now = standing(ctx, service, all)
  forgetFailures(ctx, service, now.own)
  const starting = toStart(ctx, service, now, again)
  const ending = toStop(ctx, service, now, again)
  let next = service
  if (starting) next = startTasks(ctx, next, primaryOf(next), starting)
  if (ending.length) next = stopTasks(ctx, next, ending)
  const replaced = toReplace(ctx, service, now)
  if (replaced.length)
    next = countFailures(ctx, stopSick(ctx, next, replaced), primaryOf(next).id, replaced.length)
  if (isDone(service, now)) {
    if (baked(ctx, next, again)) next = completed(ctx, next)
  } else if (isSuccessful(ctx, service, now)) {
    if (baked(ctx, next, again)) next = deployed(ctx, next)
  } else if (isStuck(ctx, now, starting + ending.length)) next = stuck(ctx, next)
  if (next !== service) saveService(ctx, next)
}

/** AWS: no more than the maximum percent allows, and none of a deployment that failed with nothing to go back to. */
function toStart(
  ctx: Context,
  service: Service,
  { own, wanted }: Standing,
  again: (at: number) => void,
): number {
  const { rolloutState, notBefore } = primaryOf(service)
  const room = Math.min(service.desiredCount - own.length, bounds(service).most - wanted.length)
  if (room <= 0 || rolloutState === 'FAILED') return 0
  if (notBefore <= ctx.cloud.clock.now()) return room
  again(notBefore)
  return 0
}

/** AWS: what does not run, or not well, counts for nothing and may go at once; of the rest enough stay. */
function toStop(
  ctx: Context,
  service: Service,
  { own, old, wanted }: Standing,
  again: (at: number) => void,
): Task[] {
  const surplus = own.slice(service.desiredCount)
  const idle = old.filter((one) => !isReady(one))
  const running = old.filter(isReady)
  const healthy = wanted.filter((one) => isHealthy(ctx, one) && !surplus.includes(one)).length
  const spare = Math.max(0, healthy - bounds(service).least)
  if (running.length > spare) lookAgain(ctx, own, again)
  return [...surplus, ...idle, ...running.slice(0, spare)]
}

/**
 * AWS: what is unhealthy is stopped when others run in its place; where the maximum percent leaves no room for these, one
 * after the other (DeploymentConfiguration.maximumPercent).
 */
function toReplace(ctx: Context, service: Service, { own, sick, wanted }: Standing): readonly Task[] {
  if (own.filter(isReady).length >= service.desiredCount) return sick
  const isFull = wanted.length >= bounds(service).most
  return isFull && own.every((one) => isHealthy(ctx, one)) ? sick.slice(0, 1) : []
}

/** Has the service looked at when the next task counts as healthy. */
function lookAgain(ctx: Context, some: readonly Task[], again: (at: number) => void): void {
  const times = some.map((one) => settledAt(one) ?? 0).filter((at) => at > ctx.cloud.clock.now())
  if (times.length) again(Math.min(...times))
}

const isDone = ({ desiredCount }: Service, { own, all }: Standing): boolean =>
  own.length === desiredCount && own.length === all.length && own.every(isReady)

/**
 * Whether a deployment is over before all of its tasks are there. AWS: when the share of them is healthy that the service
 * says, and the old ones are gone, or nobody waits for that (DeploymentEarlySuccessCriteria).
 */
function isSuccessful(ctx: Context, service: Service, { own, sick, all }: Standing): boolean {
  const criteria = service.settings.deploymentConfiguration?.earlySuccessCriteria
  const ongoing = ongoingOf(ctx, service)
  if (!criteria?.enable || !ongoing || ongoing.rollback) return false
  if (primaryOf(service).rolloutState !== 'IN_PROGRESS') return false
  const enough = Math.ceil((service.desiredCount * (criteria.healthyPercent ?? 100)) / 100)
  const isAlone = all.length === own.length + sick.length
  return (
    own.filter((one) => isHealthy(ctx, one)).length >= enough &&
    (isAlone || criteria.sourceServiceRevisionCleanup === 'DEFERRED')
  )
}

const isStuck = (ctx: Context, { old, own, all, wanted }: Standing, moves: number): boolean =>
  old.length > 0 && moves === 0 && all.length === wanted.length && own.every((one) => isHealthy(ctx, one))

function stuck(ctx: Context, service: Service): Service {
  if (service.told === 'stuck' || primaryOf(service).failedTasks > 0) return service
  return withEvent(
    ctx,
    service,
    'was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    'stuck',
  )
}

/** One timer for each service. */
export const rollAgain = (ctx: Context, { arn }: Service, at: number, then: () => void): void =>
  setTimer(ctx.cloud, `ecs roll ${arn}`, at, then)
