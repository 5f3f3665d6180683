/** Recording an alarm, new or changed. */
import type { Context } from '../../../kernel/context.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { alarmArn, alarmKind } from '../kinds.ts'
import { type Alarm, alarms, type CompositeAlarm, type MetricAlarm, type StateNow } from '../state.ts'
import { remember } from './remember.ts'

type Configured = Pick<MetricAlarm, 'kind' | 'settings'> | Pick<CompositeAlarm, 'kind' | 'settings'>

/** Gives the alarm. AWS: one that is there keeps its state and its tags, and a new one begins with insufficient data. */
export function putAlarm(ctx: Context, configured: Configured, given: Tags): Alarm {
  const name = configured.settings.AlarmName ?? ''
  const now = ctx.cloud.clock.now()
  const before = ctx.table(alarms).get(name)
  const state: StateNow = before?.state ?? {
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
    updated: now,
    since: now,
  }
  const tags = before?.tags ?? alarmKind.newTags(Object.entries(given))
  const alarm: Alarm = { name, arn: alarmArn(ctx, name), configured: now, state, tags, ...configured }
  ctx.table(alarms).put(name, alarm)
  remember(ctx, alarm, {
    type: 'ConfigurationUpdate',
    summary: `Alarm "${name}" ${before ? 'updated' : 'created'}`,
    data: { version: '1.0', type: before ? 'Update' : 'Create', updatedAlarm: configured.settings },
  })
  return alarm
}
