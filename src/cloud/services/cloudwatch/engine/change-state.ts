/** Bringing an alarm to a state: its history, the event, and its actions. */
import type { Context } from '../../../kernel/context.ts'
import { handOn } from '../../../kernel/hand-over.ts'
import { type Alarm, alarms, type StateNow } from '../state.ts'
import { alarmAction } from './alarm-action.ts'
import { messageOf, publishChange } from './alarm-event.ts'
import { followers } from './alarm-rule.ts'
import { judgeComposite } from './judge-composite.ts'
import { remember } from './remember.ts'

const ACTIONS = {
  OK: 'OKActions',
  ALARM: 'AlarmActions',
  INSUFFICIENT_DATA: 'InsufficientDataActions',
} as const

/**
 * Puts a state. AWS: history, events and actions come with a change only; actions are carried out where they are enabled.
 * Composite alarms that speak of the alarm are judged anew.
 */
export function changeState(
  ctx: Context,
  name: string,
  next: Pick<StateNow, 'value' | 'reason' | 'data'>,
): void {
  const before = ctx.table(alarms).get(name)
  if (!before) return
  const now = ctx.cloud.clock.now()
  const isChange = before.state.value !== next.value
  const state: StateNow = { ...next, updated: now, since: isChange ? now : before.state.since }
  const alarm: Alarm = { ...before, state }
  ctx.table(alarms).put(name, alarm)
  if (!isChange) return
  remember(ctx, alarm, {
    type: 'StateUpdate',
    summary: `Alarm updated from ${before.state.value} to ${next.value}`,
    data: {
      version: '1.0',
      oldState: { stateValue: before.state.value, stateReason: before.state.reason },
      newState: { stateValue: next.value, stateReason: next.reason },
    },
  })
  publishChange(ctx, alarm, before.state)
  if (alarm.settings.ActionsEnabled ?? true)
    for (const to of alarm.settings[ACTIONS[next.value]] ?? []) {
      remember(ctx, alarm, {
        type: 'Action',
        summary: `Successfully executed action ${to}`,
        data: { actionState: 'Succeeded', notificationResource: to },
      })
      handOn(ctx, alarmAction, { to, alarm: name, ...messageOf(ctx, alarm, before.state) })
    }
  for (const one of followers(ctx, name)) changeComposite(ctx, one.name)
}

/** Judges a composite alarm and brings it to the state that it has then. */
export function changeComposite(ctx: Context, name: string): void {
  const alarm = ctx.table(alarms).get(name)
  if (alarm?.kind !== 'CompositeAlarm') return
  const next = judgeComposite(ctx, alarm)
  if (next.value !== alarm.state.value) changeState(ctx, name, next)
}
