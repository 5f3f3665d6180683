/** Judging composite alarms. */
import type { Context } from '../../../kernel/context.ts'
import { alarms, type CompositeAlarm, type StateNow } from '../state.ts'
import { parseAlarmRule } from './alarm-rule.ts'

/** Gives the state of a composite alarm. AWS: ALARM while its rule holds, OK otherwise. */
export function judgeComposite(
  ctx: Context,
  { settings }: CompositeAlarm,
): Pick<StateNow, 'value' | 'reason'> {
  const table = ctx.table(alarms)
  const rule = parseAlarmRule(settings.AlarmRule ?? '')
  const value = rule.holds((name) => table.get(name)?.state.value) ? 'ALARM' : 'OK'
  const states = rule.alarms.flatMap((name) => {
    const alarm = table.get(name)
    return alarm ? [`${alarm.arn} is in ${alarm.state.value}`] : []
  })
  return { value, reason: states.join('; ') || `The rule is always ${value === 'ALARM' ? 'TRUE' : 'FALSE'}` }
}
