/** The stages of a deployment that shifts traffic, one after the other. */
import type { Arn } from '../../../../model/index.ts'
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import {
  type Deployment,
  type Service,
  type ServiceDeployment,
  type Shift,
  type Stage,
  services,
  tasks,
  tasksOf,
} from '../state.ts'
import { RoleRefused, refusal } from './balancer-role.ts'
import { isHeld } from './hold.ts'
import { goOnWith, isOpen, runsOf, withRuns } from './hooks.ts'
import { completed, failed } from './rollout-end.ts'
import { ongoingOf, saveServiceDeployment } from './service-deployments.ts'
import { saveService } from './service-record.ts'
import { nextShare, stepMinutes } from './shift-steps.ts'
import { checkRoutes, ShiftFailure, shiftTraffic } from './traffic.ts'

const MINUTE = 60_000

/** AWS: a stage lasts 24 hours at most. */
const LONGEST = 1_440 * MINUTE

interface Now {
  readonly service: Service
  readonly ongoing: ServiceDeployment & { readonly shift: Shift }
  readonly target: Deployment
}

function currently(ctx: Context, arn: Arn): Now | undefined {
  const service = ctx.table(services).get(arn)
  const ongoing = service && ongoingOf(ctx, service)
  const target = service?.deployments.find(({ id }) => id === ongoing?.deployment)
  if (!service || !target || !ongoing?.shift || service.status !== 'ACTIVE') return undefined
  return { service, ongoing: { ...ongoing, shift: ongoing.shift }, target }
}

/** What becomes of a stage: it is over, it lasts until a time or an event, or it fails. */
type Outcome = { readonly to: Partial<Shift> } | { readonly until?: number } | { readonly failure: string }

const AFTER: Readonly<Record<Stage, Stage>> = {
  RECONCILE_SERVICE: 'PRE_SCALE_UP',
  PRE_SCALE_UP: 'SCALE_UP',
  SCALE_UP: 'POST_SCALE_UP',
  POST_SCALE_UP: 'TEST_TRAFFIC_SHIFT',
  TEST_TRAFFIC_SHIFT: 'POST_TEST_TRAFFIC_SHIFT',
  POST_TEST_TRAFFIC_SHIFT: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
  PRE_PRODUCTION_TRAFFIC_SHIFT: 'PRODUCTION_TRAFFIC_SHIFT',
  PRODUCTION_TRAFFIC_SHIFT: 'POST_PRODUCTION_TRAFFIC_SHIFT',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'BAKE_TIME',
  BAKE_TIME: 'CLEAN_UP',
  CLEAN_UP: 'CLEAN_UP',
}

/** The way back. */
const BACK: Partial<Record<Stage, Stage>> = {
  PRODUCTION_TRAFFIC_SHIFT: 'TEST_TRAFFIC_SHIFT',
  TEST_TRAFFIC_SHIFT: 'CLEAN_UP',
}

const driving = part({ name: 'service deployments under way', make: () => new Map<Arn, boolean>() })

/** Has a deployment go on as far as it can; `roll` is called when its tasks are to be others. */
export function drive(ctx: Context, arn: Arn, roll: () => void): void {
  const busy = ctx.cloud.part(driving)
  if (!currently(ctx, arn)) return
  if (busy.has(arn)) return void busy.set(arn, true)
  busy.set(arn, false)
  ctx.spawn(`ecs stages ${arn}`, async () => {
    try {
      while (await goOn(ctx, arn, roll)) if (ctx.cloud.signal.aborted) return
    } finally {
      const again = busy.get(arn)
      busy.delete(arn)
      if (again && !ctx.cloud.signal.aborted) drive(ctx, arn, roll)
    }
  })
}

/** Gives whether there is more to do at once. */
async function goOn(ctx: Context, arn: Arn, roll: () => void): Promise<boolean> {
  const before = currently(ctx, arn)
  if (!before) return false
  const outcome = await performed(ctx, before)
  const now = currently(ctx, arn)
  if (now?.ongoing.arn !== before.ongoing.arn || now.ongoing.rollback !== before.ongoing.rollback)
    return now !== undefined
  if ('failure' in outcome) {
    fail(ctx, now, outcome.failure)
    roll()
    return true
  }
  if ('to' in outcome) {
    move(ctx, now, outcome.to)
    roll()
    return true
  }
  if (outcome.until !== undefined)
    setTimer(ctx.cloud, `ecs stage ${arn}`, outcome.until, () => drive(ctx, arn, roll))
  return false
}

function move(ctx: Context, { ongoing }: Now, to: Partial<Shift>): void {
  saveServiceDeployment(ctx, {
    ...ongoing,
    shift: { ...ongoing.shift, since: ctx.cloud.clock.now(), ...to },
  })
}

/** AWS: without a revision to go back to the rollback fails; one that fails itself goes on without the hook. */
function fail(ctx: Context, { service, ongoing, target }: Now, failure: string): void {
  if (ongoing.rollback)
    return move(ctx, { service, ongoing, target }, { stage: BACK[ongoing.shift.stage] ?? 'CLEAN_UP' })
  const why = {
    event: `Service deployment rolled back because ${failure}`,
    reason: `Service deployment rolled back because ${failure}`,
    by: 'ECS deployment failed',
    statusReason: failure,
    rollback: true,
  }
  saveService(ctx, failed(ctx, service, target, why))
}

async function performed(ctx: Context, now: Now): Promise<Outcome> {
  const { stage } = now.ongoing.shift
  try {
    const worked = await (WORK[stage] ?? hooksAlone)(ctx, now)
    return worked
  } catch (error) {
    if (error instanceof ShiftFailure || error instanceof RoleRefused) return { failure: error.message }
    return { failure: `${stage} lifecycle hook(s) failed. ${refusal(error)}` }
  }
}

const next = ({ ongoing }: Now): Outcome => {
  const { stage } = ongoing.shift
  return { to: { stage: ongoing.rollback ? (BACK[stage] ?? 'CLEAN_UP') : AFTER[stage] } }
}

/** Runs the hooks of the stage; gives undefined when all have said yes. */
async function hooked(ctx: Context, { ongoing }: Now): Promise<Outcome | undefined> {
  const begun = runsOf(ctx, ongoing)
  if (!begun.length) return undefined
  keep(ctx, ongoing, begun)
  const runs = await Promise.all(begun.map((run) => (isOpen(run) ? goOnWith(ctx, ongoing, run) : run)))
  keep(ctx, ongoing, runs)
  const failure = runs.find((run) => run.failure)?.failure
  if (failure) return { failure: `${ongoing.shift.stage} lifecycle hook(s) failed. ${failure}` }
  const open = runs.filter(isOpen)
  if (!open.length) return undefined
  const times = open.map(({ status, notBefore, expires }) => (status === 'IN_PROGRESS' ? notBefore : expires))
  return { until: Math.min(...times, ...open.map(({ expires }) => expires)) }
}

/** Keeps the runs of hooks, but for those that somebody has ended meanwhile. */
function keep(ctx: Context, { service, arn }: ServiceDeployment, runs: Shift['hooks']): void {
  const now = currently(ctx, service)
  if (now?.ongoing.arn !== arn) return
  const { shift } = now.ongoing
  const ended = new Set(shift.hooks.filter((one) => !isOpen(one)).map(({ id }) => id))
  const hooks = withRuns(
    shift,
    runs.filter(({ id }) => !ended.has(id)),
  )
  saveServiceDeployment(ctx, { ...now.ongoing, shift: { ...shift, hooks } })
}

const hooksAlone = async (ctx: Context, now: Now): Promise<Outcome> => (await hooked(ctx, now)) ?? next(now)

const tasksFor = (ctx: Context, { service }: Now, id: string) =>
  ctx
    .table(tasks)
    .where(tasksOf, service.arn)
    .filter(({ startedBy, status }) => startedBy === id && status !== 'STOPPED')

/** The share that a stage gives the new revision is kept before it is given: a kill in between does it again. */
function share(ctx: Context, { ongoing }: Now, given: Partial<Shift>): ServiceDeployment & { shift: Shift } {
  const shift = { ...ongoing.shift, ...given }
  saveServiceDeployment(ctx, { ...ongoing, shift })
  return { ...ongoing, shift }
}

const WORK: Partial<Record<Stage, (ctx: Context, now: Now) => Promise<Outcome>>> = {
  RECONCILE_SERVICE: async (ctx, now) => {
    const { service, ongoing } = now
    const source = service.deployments.find(({ id }) => id === ongoing.source)
    for (const kind of ['production', 'test'] as const) if (source) await shiftTraffic(ctx, source, kind, 100)
    const left = service.deployments.filter(({ id }) => id !== ongoing.deployment && id !== ongoing.source)
    return left.some(({ id }) => tasksFor(ctx, now, id).length) ? {} : hooksAlone(ctx, now)
  },

  PRE_SCALE_UP: async (ctx, now) => {
    await checkRoutes(ctx, now.target)
    return hooksAlone(ctx, now)
  },

  SCALE_UP: async (ctx, now) => {
    const { service, ongoing, target } = now
    if (!ongoing.shift.isUp) return { to: { isUp: true } }
    if (isHeld(tasksFor(ctx, now, target.id), service.desiredCount)) return next(now)
    const until = ongoing.shift.since + LONGEST
    return until > ctx.cloud.clock.now() ? { until } : { failure: 'SCALE_UP timed out.' }
  },

  TEST_TRAFFIC_SHIFT: async (ctx, now) => {
    const test = now.ongoing.rollback ? 0 : 100
    const ongoing = share(ctx, now, { test })
    await shiftTraffic(ctx, now.target, 'test', test)
    return hooksAlone(ctx, { ...now, ongoing })
  },

  PRE_PRODUCTION_TRAFFIC_SHIFT: async (ctx, now) => {
    const waiting = await hooked(ctx, now)
    const production = nextShare(now.ongoing)
    return waiting ?? { to: { stage: 'PRODUCTION_TRAFFIC_SHIFT', production } }
  },

  PRODUCTION_TRAFFIC_SHIFT: async (ctx, now) => {
    const back = now.ongoing.rollback ? { production: 0 } : {}
    const ongoing = share(ctx, now, back)
    await shiftTraffic(ctx, now.target, 'production', ongoing.shift.production)
    const waiting = await hooked(ctx, { ...now, ongoing })
    if (waiting) return waiting
    if (ongoing.rollback || ongoing.shift.production >= 100) return next({ ...now, ongoing })
    const until = ongoing.shift.since + stepMinutes(ongoing) * MINUTE
    return until > ctx.cloud.clock.now() ? { until } : { to: { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT' } }
  },

  BAKE_TIME: async (ctx, now) => {
    const { configuration, shift } = now.ongoing
    const until = shift.since + (configuration?.bakeTimeInMinutes ?? 0) * MINUTE
    return until > ctx.cloud.clock.now() ? { until } : next(now)
  },

  CLEAN_UP: async (ctx, now) => {
    const { service, ongoing } = now
    const stays = ongoing.rollback ? ongoing.source : ongoing.deployment
    const others = service.deployments.filter(({ id }) => id !== stays)
    if (others.some(({ id }) => tasksFor(ctx, now, id).length)) return {}
    if (!isHeld(tasksFor(ctx, now, stays ?? ''), service.desiredCount)) return {}
    saveService(ctx, completed(ctx, service))
    return {}
  },
}
