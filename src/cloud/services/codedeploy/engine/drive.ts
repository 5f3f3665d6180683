/** Deployments on their way: one step after the other, resumed after pauses and kills. */
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { type Deployment, deployments, isOver } from '../state.ts'
import { alarmNames, checkAlarms } from './alarms.ts'
import { endDeployment } from './end-deployment.ts'
import { DeploymentFailure } from './failure.ts'
import { runHook } from './hooks.ts'
import { isHook, nextEvent, withEvent } from './lifecycle.ts'
import { tellStatus } from './notify.ts'
import { platformOf } from './platforms.ts'
import { readRevision } from './read-revision.ts'
import { forGroup, type Run, runOf, type Step } from './run.ts'
import { nextWeight, pauseOf } from './shift.ts'
import { due, wake, wakeAt } from './wake.ts'

/** Deployments that are being looked at, and whether they are to be looked at once more. */
const busy = part({ name: 'deployments under way', make: () => new Map<string, boolean>() })

/** Goes on with deployments whenever something happens that they may wait for, and with those that a restart finds. */
export function beginDriving(cloud: Cloud, context: ContextFactory): void {
  const active = (account?: string, region?: string) =>
    cloud.store
      .everywhere(deployments)
      .filter((one) => (!account || one.account === account) && (!region || one.region === region))
      .flatMap(({ account, region, table }) =>
        table
          .values()
          .filter((one) => !isOver(one))
          .map((deployment) => ({ account, region, deployment })),
      )
  const at = (account: string, region: string, deployment: Deployment): Context => {
    const ctx = context({ identity: anonymousIdentity, account, region })
    const own = ctx.as(forGroup(ctx, deployment))
    return deployment.cause === undefined ? own : own.causedBy(deployment.cause)
  }
  cloud.bus.on(due, ({ account, region, deployment: id }) => {
    const deployment = cloud.store.of(deployments, account, region).get(id)
    if (deployment && !isOver(deployment)) drive(at(account, region, deployment), id)
  })
  cloud.bus.listen(({ detailType, account, region }) => {
    if (detailType !== 'CloudWatch Alarm State Change') return
    for (const { deployment } of active(account, region))
      if (alarmNames(deployment.alarms).length) drive(at(account, region, deployment), deployment.id)
  })
  cloud.bus.on(serviceChanged, ({ service }) => {
    const [, , , region, account] = service.split(':')
    for (const { deployment } of active(account, region))
      if (installs(deployment)) drive(at(account!, region!, deployment), deployment.id)
  })
  for (const { account, region, deployment } of active()) wake(at(account, region, deployment), deployment.id)
}

/** Whether it waits for its replacement task set. */
const installs = ({ events, taskSets }: Deployment): boolean =>
  taskSets !== undefined && events.some(({ name, status }) => name === 'Install' && status === 'InProgress')

/** Does what there is to do, one run of a deployment at a time. */
function drive(ctx: Context, id: string): void {
  const all = ctx.cloud.part(busy)
  if (all.has(id)) {
    all.set(id, true)
    return
  }
  all.set(id, false)
  ctx.spawn(`codedeploy ${id}`, async (task) => {
    try {
      do {
        all.set(id, false)
        await goOn(task, id)
      } while (all.get(id))
    } finally {
      all.delete(id)
    }
  })
}

async function goOn(ctx: Context, id: string): Promise<void> {
  const run = runOf(ctx, id)
  try {
    for (let first = true; ; first = false) {
      if (isOver(run.deployment) || ctx.cloud.signal.aborted) return
      const step = run.deployment.takesBack ? await rollBack(run) : await advance(run, first)
      if (step === 'on') continue
      return wakeAt(ctx, id, step.until)
    }
  } catch (error) {
    if (ctx.cloud.signal.aborted) return
    if (!(error instanceof DeploymentFailure)) ctx.cloud.bug(`deployment ${id}`, error)
    const failure =
      error instanceof DeploymentFailure
        ? error
        : new DeploymentFailure('INTERNAL_ERROR', 'There was an internal error.')
    endDeployment(run, failure)
  }
}

const stopped = () =>
  new DeploymentFailure('MANUAL_STOP', 'The deployment was stopped by the user.', 'Stopped')

/** Does the next thing; `first` is told the first one of a run, which a time or an event may have brought. */
async function advance(run: Run, first: boolean): Promise<Step> {
  const { status, stop } = run.deployment
  if (stop) throw stopped()
  if (status === 'Created') return setStatus(run, 'Queued')
  if (status === 'Queued') return start(run)
  if (first) await checkAlarms(run)
  const event = nextEvent(run.deployment)
  if (!event) return finish(run)
  if (isReadyPoint(run.deployment, event.name)) return waitReady(run)
  if (isHook(event.name)) return runHook(run, event.name)
  return doEvent(run, event.name, () =>
    event.name === 'AllowTraffic' ? shift(run) : platformOf(run.deployment).doEvent(run, event.name),
  )
}

function setStatus(run: Run, status: Deployment['status'], changes: Partial<Deployment> = {}): 'on' {
  tellStatus(run.ctx, run.save({ ...changes, status }))
  return 'on'
}

async function start(run: Run): Promise<Step> {
  await checkAlarms(run)
  const spec = await readRevision(run)
  run.save({ spec })
  await platformOf(run.deployment).prepare(run)
  return setStatus(run, 'InProgress', { started: run.ctx.cloud.clock.now() })
}

async function doEvent(run: Run, name: string, work: () => Promise<Step>): Promise<Step> {
  const { ctx } = run
  const statusNow = () => run.deployment.events.find((one) => one.name === name)?.status
  if (statusNow() === 'Pending') run.save({ events: withEvent(ctx, run.deployment, name, 'InProgress') })
  try {
    const step = await work()
    const isOpen = statusNow() === 'InProgress'
    if (step === 'on' && isOpen) run.save({ events: withEvent(ctx, run.deployment, name, 'Succeeded') })
    return step
  } catch (error) {
    if (error instanceof DeploymentFailure)
      run.save({ events: withEvent(ctx, run.deployment, name, 'Failed', error.message) })
    throw error
  }
}

/** Moves the traffic as far as it is due. */
async function shift(run: Run): Promise<Step> {
  const { ctx } = run
  for (;;) {
    const { routing, weight, shiftAt } = run.deployment
    const now = ctx.cloud.clock.now()
    if (weight === 100) return 'on'
    if (shiftAt !== undefined && now < shiftAt) return { until: shiftAt }
    const next = nextWeight(routing, weight)
    await platformOf(run.deployment).weigh(run, next)
    run.save({ weight: next, shiftAt: next === 100 ? undefined : (shiftAt ?? now) + pauseOf(routing) })
    // An alarm may have been raised meanwhile.
    if (next < 100) await checkAlarms(run)
    if (run.deployment.stop) throw stopped()
  }
}

/**
 * AWS: `deploymentReadyOption` waits once the replacement is there and before traffic is led to it; who has not been told to
 * go on by the end of the wait is stopped.
 */
const isReadyPoint = ({ settings, continued, platform }: Deployment, event: string): boolean =>
  platform === 'ECS' &&
  event === 'BeforeAllowTraffic' &&
  !continued &&
  settings.blueGreenDeploymentConfiguration?.deploymentReadyOption?.actionOnTimeout === 'STOP_DEPLOYMENT'

const MINUTE = 60_000

async function waitReady(run: Run): Promise<Step> {
  const { deployment, ctx } = run
  const { waitTimeInMinutes = 0 } =
    deployment.settings.blueGreenDeploymentConfiguration?.deploymentReadyOption ?? {}
  const now = ctx.cloud.clock.now()
  const readyUntil = deployment.readyUntil ?? now + waitTimeInMinutes * MINUTE
  if (deployment.status !== 'Ready') setStatus(run, 'Ready', { readyUntil })
  if (now < readyUntil) return { until: readyUntil }
  throw new DeploymentFailure(
    'TIMEOUT',
    `The deployment was stopped: traffic rerouting was not started within ${waitTimeInMinutes} minutes.`,
    'Stopped',
  )
}

async function finish(run: Run): Promise<Step> {
  const step = await platformOf(run.deployment).finish(run)
  if (step !== 'on') return step
  if (run.deployment.stop) throw stopped()
  endDeployment(run)
  return 'on'
}

async function rollBack(run: Run): Promise<Step> {
  if (run.deployment.status === 'Created') return setStatus(run, 'Queued')
  if (run.deployment.status === 'Queued')
    return setStatus(run, 'InProgress', { started: run.ctx.cloud.clock.now() })
  const step = await doEvent(run, 'AllowTraffic', () => platformOf(run.deployment).takeBack(run))
  if (step !== 'on') return step
  run.save({ weight: 0 })
  endDeployment(run)
  return 'on'
}
