/** Checks targets by the clock while a rule leads to their group, and takes those off that have drained. */
import type { Context } from '../../../kernel/context.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'
import { type Target, type TargetGroup, targetGroups, targetKey, targets, targetsIn } from '../state.ts'
import { attribute, httpGroupAttributes } from './attributes.ts'
import { asService } from './identity.ts'
import { countHosts } from './metrics.ts'
import { probe } from './probe.ts'
import { afterCheck, healthStates, INITIAL, isInUse } from './target-health.ts'

const checkTimer = (key: string): string => `elb check ${key}`
const drainTimer = (key: string): string => `elb drain ${key}`

/** Has a target checked, the first time at once; one that is checked already goes on as it was. */
export function followTarget(ctx: Context, target: Target): void {
  const { cloud } = ctx
  const key = targetKey(target)
  const group = ctx.table(targetGroups).get(target.group)
  if (!group?.healthCheck.enabled || target.deregistered !== undefined || !isInUse(ctx, group)) return
  const health = cloud.part(healthStates)
  if (health.has(key)) return
  health.set(key, INITIAL)
  const own = asService(ctx)
  setTimer(cloud, checkTimer(key), cloud.clock.now(), () => check(own, key))
}

/** Has every target of groups checked that now are in use. */
export function followGroups(ctx: Context, groups: readonly string[]): void {
  for (const group of groups)
    for (const target of ctx.table(targets).where(targetsIn, group)) followTarget(ctx, target)
}

function forget({ cloud }: Context, key: string): void {
  cancelTimer(cloud, checkTimer(key))
  cancelTimer(cloud, drainTimer(key))
  cloud.part(healthStates).delete(key)
}

interface Followed {
  readonly target: Target
  readonly group: TargetGroup
}

/** What is checked now, or nothing where that has ended. */
function followed(ctx: Context, key: string): Followed | undefined {
  const target = ctx.table(targets).get(key)
  const group = target && ctx.table(targetGroups).get(target.group)
  if (!group?.healthCheck.enabled || target!.deregistered !== undefined || !isInUse(ctx, group))
    return undefined
  return { target: target!, group }
}

function check(ctx: Context, key: string): void {
  const now = followed(ctx, key)
  if (!now) return forgetCheck(ctx, key)
  const checking = () => checkOnce(ctx, key, now)
  if (now.group.type === 'lambda') return ctx.spawn('elb check', checking)
  // A check waits for what may never answer: it keeps no background work open.
  checking().catch((error) => ctx.cloud.bug('elb check', error))
}

async function checkOnce(ctx: Context, key: string, { group, target }: Followed): Promise<void> {
  const { cloud } = ctx
  const began = cloud.clock.now()
  const finding = await probe(ctx, group, target)
  if (cloud.signal.aborted) return
  const still = followed(ctx, key)
  if (!still) return forgetCheck(ctx, key)
  const health = cloud.part(healthStates)
  health.set(key, afterCheck(health.get(key) ?? INITIAL, finding, still.group.healthCheck))
  countHosts(ctx, still.group)
  const next = began + still.group.healthCheck.interval * 1000
  setTimer(cloud, checkTimer(key), next, () => check(ctx, key))
}

function forgetCheck({ cloud }: Context, key: string): void {
  cancelTimer(cloud, checkTimer(key))
  cloud.part(healthStates).delete(key)
}

/** AWS: a target of a group in use drains for as long as the group's attribute says; others go at once. */
export function drainTarget(ctx: Context, group: TargetGroup, target: Target): void {
  const key = targetKey(target)
  const seconds = Number(
    attribute(httpGroupAttributes, group.attributes, 'deregistration_delay.timeout_seconds'),
  )
  const drains = group.type !== 'lambda' && seconds > 0 && isInUse(ctx, group)
  forget(ctx, key)
  if (!drains) return ctx.table(targets).delete(key)
  const deregistered = target.deregistered ?? ctx.cloud.clock.now()
  if (target.deregistered === undefined) ctx.table(targets).put(key, { ...target, deregistered })
  const own = asService(ctx)
  setTimer(ctx.cloud, drainTimer(key), deregistered + seconds * 1000, () => {
    if (own.table(targets).get(key)?.deregistered !== undefined) own.table(targets).delete(key)
  })
}

/** Ends all that is done for targets that are gone. */
export function forgetTarget(ctx: Context, target: Target): void {
  forget(ctx, targetKey(target))
  ctx.table(targets).delete(targetKey(target))
}

/** Goes on with targets that were there before. */
export function resumeTargets(ctx: Context): void {
  for (const target of ctx.table(targets).values()) {
    const group = ctx.table(targetGroups).get(target.group)
    if (!group) continue
    if (target.deregistered === undefined) followTarget(ctx, target)
    else drainTarget(ctx, group, target)
  }
}
