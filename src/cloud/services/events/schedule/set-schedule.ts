/** Schedules that run: one timer per rule; they keep no background work open. */
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'
import { sendToTargets } from '../engine/dispatch.ts'
import { busRef, lookUpRule } from '../engine/find.ts'
import { type EventMessage, eventTime, type Rule } from '../state.ts'
import { parseSchedule } from './schedule-expression.ts'

/** Ends the timer of a rule, if it has one. */
export const endSchedule = (cloud: Cloud, { arn }: Rule): void => cancelTimer(cloud, arn)

/** Sets the timer of a rule anew; the context is of the rule's account and region. */
export function setSchedule(ctx: Context, rule: Rule): void {
  endSchedule(ctx.cloud, rule)
  if (!rule.enabled || rule.scheduleExpression === undefined) return
  arm(ctx, rule, parseSchedule(rule.scheduleExpression, rule.scheduledFrom))
}

/** Waits for the next time, fires, and waits again; `next` gives nothing once there is no further time. */
function arm(ctx: Context, rule: Rule, next: (after: number) => number | undefined): void {
  const due = next(ctx.cloud.clock.now())
  if (due === undefined) return
  setTimer(ctx.cloud, rule.arn, due, () => {
    fire(ctx, rule.name, due)
    arm(ctx, rule, next)
  })
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
