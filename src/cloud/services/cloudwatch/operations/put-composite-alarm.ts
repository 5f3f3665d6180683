/** cloudwatch:PutCompositeAlarm. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap } from '../../../kernel/tags.ts'
import { checkActions } from '../engine/alarm-action.ts'
import { parseAlarmRule } from '../engine/alarm-rule.ts'
import { changeComposite } from '../engine/change-state.ts'
import { putAlarm } from '../engine/put-alarm.ts'
import { invalidValue } from '../engine/refuse.ts'
import { alarmKind } from '../kinds.ts'
import { alarms } from '../state.ts'

/** Creates or replaces an alarm on other alarms. AWS: those must be there, and must not speak of it in their turn. */
export const PutCompositeAlarm = operation({
  service: 'cloudwatch',
  name: 'PutCompositeAlarm',
  access: (input, ctx) => alarmKind.onNew(ctx, 'PutCompositeAlarm', input.AlarmName ?? '', input.Tags),
  run: (input, ctx) => {
    refuseUnsupported(input, [
      'ActionsSuppressor',
      'ActionsSuppressorWaitPeriod',
      'ActionsSuppressorExtensionPeriod',
    ])
    const { Tags, ...settings } = input
    const name = input.AlarmName ?? ''
    const rule = parseAlarmRule(input.AlarmRule ?? '')
    const absent = rule.alarms.find((one) => !ctx.table(alarms).has(one))
    if (absent !== undefined)
      throw invalidValue(`AlarmRule speaks of the alarm ${absent}, which does not exist`)
    if (rule.alarms.some((one) => speaksOf(ctx, one, name)))
      throw invalidValue(`AlarmRule must not have cycles: ${name}`)
    checkActions([input.OKActions, input.AlarmActions, input.InsufficientDataActions])
    putAlarm(ctx, { kind: 'CompositeAlarm', settings }, tagMap(Tags))
    changeComposite(ctx, name)
    return {}
  },
})

function speaksOf(ctx: Context, alarm: string, name: string): boolean {
  const record = ctx.table(alarms).get(alarm)
  return (
    alarm === name ||
    (record?.kind === 'CompositeAlarm' &&
      parseAlarmRule(record.settings.AlarmRule ?? '').alarms.some((one) => speaksOf(ctx, one, name)))
  )
}
