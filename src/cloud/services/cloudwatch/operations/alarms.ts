/** SetAlarmState, DeleteAlarms, EnableAlarmActions and DisableAlarmActions. */
import { readJson } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { followers } from '../engine/alarm-rule.ts'
import { changeState } from '../engine/change-state.ts'
import { forgetAlarm } from '../engine/evaluate.ts'
import { invalidValue } from '../engine/refuse.ts'
import { remember } from '../engine/remember.ts'
import { alarmKind } from '../kinds.ts'
import { alarms } from '../state.ts'

/** AWS: the alarm comes back to its real state when it is evaluated next. */
export const SetAlarmState = operation({
  service: 'cloudwatch',
  name: 'SetAlarmState',
  access: (input, ctx) => [alarmKind.on(ctx, 'SetAlarmState', input.AlarmName ?? '')],
  run: ({ AlarmName = '', StateValue, StateReason = '', StateReasonData: data }, ctx) => {
    alarmKind.find(ctx, AlarmName)
    if (data !== undefined && !isJson(data)) throw invalidValue('StateReasonData is not valid JSON')
    changeState(ctx, AlarmName, { value: StateValue!, reason: StateReason, data })
    return {}
  },
})

function isJson(text: string): boolean {
  try {
    readJson(text)
    return true
  } catch {
    return false
  }
}

/** AWS: names of alarms that are not there are passed over; one that a composite alarm speaks of is not deleted. */
export const DeleteAlarms = operation({
  service: 'cloudwatch',
  name: 'DeleteAlarms',
  access: ({ AlarmNames = [] }, ctx) => AlarmNames.map((name) => alarmKind.on(ctx, 'DeleteAlarms', name)),
  run: ({ AlarmNames = [] }, ctx) => {
    for (const name of AlarmNames) {
      const [follower] = followers(ctx, name).filter((one) => !AlarmNames.includes(one.name))
      if (follower)
        throw invalidValue(
          `The alarm ${name} cannot be deleted: the composite alarm ${follower.name} speaks of it`,
        )
    }
    for (const name of AlarmNames) remove(ctx, name)
    return {}
  },
})

function remove(ctx: Context, name: string): void {
  const alarm = ctx.table(alarms).get(name)
  if (!alarm) return
  if (alarm.kind === 'MetricAlarm') forgetAlarm(ctx.cloud, alarm)
  ctx.table(alarms).delete(name)
  remember(ctx, alarm, {
    type: 'ConfigurationUpdate',
    summary: `Alarm "${name}" deleted`,
    data: { version: '1.0', type: 'Delete' },
  })
}

const switching = (name: 'EnableAlarmActions' | 'DisableAlarmActions', ActionsEnabled: boolean) =>
  operation({
    service: 'cloudwatch',
    name,
    access: ({ AlarmNames = [] }, ctx) => AlarmNames.map((one) => alarmKind.on(ctx, name, one)),
    run: ({ AlarmNames = [] }, ctx) => {
      for (const one of AlarmNames) {
        const alarm = ctx.table(alarms).get(one)
        if (alarm?.kind === 'MetricAlarm')
          ctx.table(alarms).put(one, { ...alarm, settings: { ...alarm.settings, ActionsEnabled } })
        else if (alarm)
          ctx.table(alarms).put(one, { ...alarm, settings: { ...alarm.settings, ActionsEnabled } })
      }
      return {}
    },
  })

export const EnableAlarmActions = switching('EnableAlarmActions', true)
export const DisableAlarmActions = switching('DisableAlarmActions', false)
