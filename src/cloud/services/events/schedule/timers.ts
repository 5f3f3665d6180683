/** Schedules that run: one timer per rule; they keep no background work open. */
import type { Cloud } from '../../../cloud.ts'
import type { Context } from '../../../context.ts'
import { sendToTargets } from '../dispatch.ts'
import { busRef, lookUpRule } from '../find.ts'
import { type EventMessage, eventTime, type Rule } from '../state.ts'
import { parseSchedule } from './schedule-expression.ts'

/** Timers of the platform count milliseconds in 31 bits. */
const LONGEST = 2 ** 31 - 1

const timers = new WeakMap<Cloud, Map<string, AbortController>>()

const timersOf = (cloud: Cloud): Map<string, AbortController> => {
  const known = timers.get(cloud) ?? new Map<string, AbortController>()
  timers.set(cloud, known)
  return known
}

/** Ends the timer of a rule, if it has one. */
export function endSchedule(cloud: Cloud, { arn }: Rule): void {
  timersOf(cloud).get(arn)?.abort()
  timersOf(cloud).delete(arn)
}

/** Sets the timer of a rule anew; the context is of the rule's account and region. */
export function setSchedule(ctx: Context, rule: Rule): void {
  const { cloud } = ctx
  endSchedule(cloud, rule)
  if (!rule.enabled || rule.scheduleExpression === undefined) return
  const controller = new AbortController()
  timersOf(cloud).set(rule.arn, controller)
  const signal = AbortSignal.any([cloud.signal, controller.signal])
  run(ctx, rule, signal).catch((error) => cloud.bug(`schedule of ${rule.name}`, error))
}

async function run(ctx: Context, rule: Rule, signal: AbortSignal): Promise<void> {
  const { clock } = ctx.cloud
  const next = parseSchedule(rule.scheduleExpression!, rule.scheduledFrom)
  let due = next(clock.now())
  while (due !== undefined && !signal.aborted) {
    const left = due - clock.now()
    if (left > 0) {
      await clock.sleep(Math.min(left, LONGEST), signal)
      continue
    }
    fire(ctx, rule.name, due)
    due = next(clock.now())
  }
}

/** AWS: the event of a schedule goes to the rule's own targets. They are read now: they may have changed. */
function fire(ctx: Context, name: string, due: number): void {
  const ref = busRef(ctx)
  const rule = lookUpRule(ctx, ref, name)
  if (!rule) return
  const event: EventMessage = {
    version: '0',
    id: ctx.cloud.ids.uuid(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: ref.account,
    time: eventTime(new Date(due)),
    region: ref.region,
    resources: [rule.arn],
    detail: {},
  }
  sendToTargets(ctx, ref, rule, event)
}
