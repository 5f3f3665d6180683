/** The life of a task: its states follow each other by the clock, its images are asked for, its containers begun and ended. */
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { services, type Task, type TaskSource, tasks } from '../state.ts'
import { publishTask } from './publish.ts'
import { PullFailure, pullImage } from './pull-image.ts'
import { type SimulatedExit, simulatedExit } from './simulated.ts'
import { type Begun, endTask, hasContainers, type Pulled, startTask } from './start-task.ts'
import { taskMoved } from './task-events.ts'
import { answer, attachAgain, detach, hangUp } from './task-network.ts'
import { takeOnRoles } from './task-roles.ts'
import { taskSetsIn } from './task-set-record.ts'
import { deregisterTargets, isDraining, RegistrationFailure, registerTargets } from './task-targets.ts'
import { hasEnded, toldOf } from './told-by-containers.ts'

/** Milliseconds that a task stays in each state which it only passes through. */
export const STEP = 100

/** Milliseconds. AWS: a stopped task is seen for an hour at least. */
const KEPT = 3_600_000

const NEXT = {
  PROVISIONING: 'PENDING',
  PENDING: 'ACTIVATING',
  STOPPING: 'DEPROVISIONING',
  DEPROVISIONING: 'STOPPED',
} as const

/** Keeps a new task and lets it begin. */
export function beginTask(ctx: Context, task: Task): void {
  forgetOld(ctx)
  ctx.table(tasks).put(task.arn, task)
  publishTask(ctx, task)
  goOn(ctx, task)
}

function forgetOld(ctx: Context): void {
  const table = ctx.table(tasks)
  const before = ctx.cloud.clock.now() - KEPT
  for (const { arn, stopped } of table.values())
    if (stopped !== undefined && stopped < before) table.delete(arn)
}

/** Takes up a task after a restart. */
export function takeUp(ctx: Context, task: Task): void {
  if (task.status === 'STOPPED') return
  attachAgain(ctx, task)
  if (task.status === 'RUNNING' && task.desired === 'RUNNING')
    ctx.spawn(`ecs run ${task.id}`, () => runAgain(ctx, task))
  goOn(ctx, task)
}

/** Has a task that ran when the cloud ended run again: its containers ended with it. */
async function runAgain(ctx: Context, task: Task): Promise<void> {
  const digests: Pulled['digests'] = Object.fromEntries(
    task.containers.flatMap(({ image, digest }) => (digest ? [[image, digest]] : [])),
  )
  const containers = task.containers.map(({ exitCode: _, health: __, ...one }) => one)
  const fresh = { ...task, containers }
  ctx.table(tasks).put(task.arn, fresh)
  let begun: Begun
  try {
    begun = await startTask(ctx, fresh, { as: await takeOnRoles(ctx, fresh), digests }, tellerOf(ctx, fresh))
  } catch (error) {
    if (!(error instanceof PullFailure)) throw error
    const now = ctx.table(tasks).get(task.arn)
    if (now) stopTask(ctx, now, { stopCode: 'TaskFailedToStart', stoppedReason: error.message })
    return
  }
  const now = ctx.table(tasks).get(task.arn)
  if (now?.status !== 'RUNNING') return endTask(ctx, task)
  if (begun.simulated) answerSimulated(ctx, now)
  else if (begun.isOver) stopTask(ctx, now, EXITED)
  else answer(ctx, now, begun.ports)
}

function answerSimulated(ctx: Context, task: Task): void {
  answer(ctx, task)
  crashLater(ctx, task)
}

/** AWS: a task ends with the first of its essential containers. */
const EXITED = {
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
} as const

const tellerOf = (ctx: Context, { arn }: Task) =>
  toldOf(ctx, arn, (task, why) => stopTask(ctx, task, why ?? EXITED))

/** Has a task that is in no state of rest go on. */
function goOn(ctx: Context, { arn, status, desired }: Task): void {
  if (status === 'STOPPED' || (status === 'RUNNING' && desired === 'RUNNING')) return
  setTimer(ctx.cloud, `ecs ${arn}`, ctx.cloud.clock.now() + STEP, () => step(ctx, arn))
}

function step(ctx: Context, arn: string): void {
  const task = ctx.table(tasks).get(arn)
  if (!task) return
  if (task.status === 'ACTIVATING') ctx.spawn(`ecs pull ${task.id}`, () => activate(ctx, task))
  else if (task.status === 'DEACTIVATING') ctx.spawn(`ecs drain ${task.id}`, () => deactivate(ctx, task))
  else if (isEnding(task) && hasContainers(ctx, task)) ctx.spawn(`ecs stop ${task.id}`, () => end(ctx, task))
  else if (task.status !== 'RUNNING' && task.status !== 'STOPPED')
    move(ctx, task, { status: NEXT[task.status] })
}

/** AWS: containers are asked to end when a task is stopping; one that never ran may have some that began. */
const isEnding = (task: Task): task is Task & { status: 'STOPPING' | 'DEPROVISIONING' } =>
  task.status === 'STOPPING' || task.status === 'DEPROVISIONING'

async function end(ctx: Context, task: Task): Promise<void> {
  await endTask(ctx, task)
  const now = ctx.table(tasks).get(task.arn)
  if (now && isEnding(now)) move(ctx, now, { status: NEXT[now.status] })
}

/** Puts a changed task, tells of it, and lets it go on. */
function move(ctx: Context, task: Task, changes: Partial<Task>): Task {
  const now = ctx.cloud.clock.now()
  const stopped = changes.status === 'STOPPED' ? { stopped: now } : {}
  const changed: Task = { ...task, ...changes, ...stopped, version: task.version + 1 }
  ctx.table(tasks).put(task.arn, changed)
  publishTask(ctx, changed)
  goOn(ctx, changed)
  if (changed.status === 'STOPPING') hangUp(ctx, changed)
  if (changed.status === 'STOPPED') {
    detach(ctx, changed)
    tell(ctx, changed)
  }
  return changed
}

/**
 * Ends a task. AWS: one that ran is taken off its targets first; one that did not has only its network to give back.
 * One that ends already goes on as it was.
 */
export function stopTask(ctx: Context, task: Task, why: Pick<Task, 'stopCode' | 'stoppedReason'>): Task {
  if (task.desired === 'STOPPED') return task
  return move(ctx, task, {
    ...why,
    status: task.status === 'RUNNING' ? 'DEACTIVATING' : 'DEPROVISIONING',
    desired: 'STOPPED',
    stopping: ctx.cloud.clock.now(),
  })
}

/** AWS: a task pulls its images when it is activated, and runs when it has them all. */
async function activate(ctx: Context, task: Task): Promise<void> {
  const pullStarted = ctx.cloud.clock.now()
  const digests: Record<string, string> = { ...sourceOf(ctx, task)?.digests }
  let current = ''
  let begun: Begun
  try {
    const as = await takeOnRoles(ctx, task)
    for (const { image, name } of task.containers) {
      current = name
      const digest = await pullImage(ctx, as, image, digests[image])
      if (digest) digests[image] = digest
    }
    begun = await startTask(ctx, task, { as, digests }, tellerOf(ctx, task))
  } catch (error) {
    if (!(error instanceof PullFailure)) throw error
    return failed(ctx, task, { pullStarted, reason: error.message, container: current })
  }
  const pullStopped = ctx.cloud.clock.now()
  const known = ctx.table(tasks).get(task.arn) ?? task
  const containers = known.containers.map((one) => ({ ...one, digest: digests[one.image] }))
  const pulled = changeActivating(ctx, task, { pullStarted, pullStopped, containers })
  // One that was told to stop meanwhile may have begun containers after they were to end.
  if (!pulled) return endTask(ctx, task)
  const exit = begun.simulated ? simulatedExit(ctx, pulled) : undefined
  if (exit?.after === 0) return void crash(ctx, pulled, exit)
  if (!begun.simulated && begun.isOver) return void stopTask(ctx, pulled, EXITED)
  answer(ctx, pulled, begun.simulated ? undefined : begun.ports)
  await register(ctx, pulled, digests, begun)
}

/** Gives an activating task with changes, which are kept; undefined where it is activating no longer. */
function changeActivating(ctx: Context, { arn }: Task, changes: Partial<Task>): Task | undefined {
  const now = ctx.table(tasks).get(arn)
  if (now?.status !== 'ACTIVATING') return undefined
  const changed = { ...now, ...changes }
  ctx.table(tasks).put(arn, changed)
  return changed
}

/** AWS: a task is registered with its targets before it counts as running. */
async function register(
  ctx: Context,
  task: Task,
  digests: Record<string, string>,
  begun: Begun,
): Promise<void> {
  try {
    await registerTargets(ctx, task)
  } catch (error) {
    if (!(error instanceof RegistrationFailure)) throw error
    const now = changeActivating(ctx, task, {})
    if (now) stopTask(ctx, now, { stopCode: 'TaskFailedToStart', stoppedReason: error.message })
    return
  }
  const now = changeActivating(ctx, task, {})
  // It was stopped meanwhile.
  if (!now) return deregisterTargets(ctx, task)
  const running = move(ctx, now, { status: 'RUNNING', started: ctx.cloud.clock.now() })
  if (begun.simulated) crashLater(ctx, running)
  tell(ctx, now, digests)
  // Its container may have ended while it was registered.
  if (!begun.simulated && hasEnded(ctx, running)) stopTask(ctx, running, EXITED)
}

/** Milliseconds between two looks whether targets have drained. */
const DRAINING = 1_000

/** AWS: a task is stopped when its targets have drained; one whose container is gone has nothing to wait for. */
async function deactivate(ctx: Context, task: Task): Promise<void> {
  if (!task.draining) {
    // Kept when it is done: a kill in between does it again.
    await deregisterTargets(ctx, task)
    const now = ctx.table(tasks).get(task.arn)
    if (now) ctx.table(tasks).put(now.arn, { ...now, draining: true })
  }
  const drains = task.stopCode !== 'EssentialContainerExited' && (await isDraining(ctx, task))
  const now = ctx.table(tasks).get(task.arn)
  if (now?.status !== 'DEACTIVATING') return
  if (drains)
    setTimer(ctx.cloud, `ecs ${now.arn}`, ctx.cloud.clock.now() + DRAINING, () => step(ctx, now.arn))
  else move(ctx, now, { status: 'STOPPING' })
}

/** Has a task that runs crash when it is to. */
function crashLater(ctx: Context, task: Task): void {
  const exit = simulatedExit(ctx, task)
  if (!exit) return
  setTimer(ctx.cloud, `ecs exit ${task.arn}`, task.started! + exit.after, () => {
    const now = ctx.table(tasks).get(task.arn)
    if (now?.status === 'RUNNING') crash(ctx, now, exit)
  })
}

/** AWS: a task ends with the first of its essential containers. */
function crash(ctx: Context, task: Task, { container, code }: SimulatedExit): Task {
  const containers = task.containers.map((one) => (one.name === container ? { ...one, exitCode: code } : one))
  return stopTask(ctx, { ...task, containers }, EXITED)
}

const tell = ({ cloud, account, region }: Context, { arn }: Task, digests?: Record<string, string>): void =>
  cloud.bus.emit(taskMoved, { account, region, task: arn, digests })

/** Gives the deployment or the task set that a service's task is of. */
function sourceOf(ctx: Context, { service, startedBy }: Task): TaskSource | undefined {
  const of = service === undefined ? undefined : ctx.table(services).get(service)
  return of && [...of.deployments, ...taskSetsIn(ctx, of)].find(({ id }) => id === startedBy)
}

function failed(
  ctx: Context,
  task: Task,
  { pullStarted, reason, container }: { pullStarted: number; reason: string; container: string },
): void {
  const now = ctx.table(tasks).get(task.arn)
  if (now?.status !== 'ACTIVATING') return
  const told = reason.startsWith('CannotPullContainerError')
  const containers = now.containers.map((one) => (told && one.name === container ? { ...one, reason } : one))
  const pullStopped = ctx.cloud.clock.now()
  stopTask(
    ctx,
    { ...now, pullStarted, pullStopped, containers },
    { stopCode: 'TaskFailedToStart', stoppedReason: reason },
  )
}
