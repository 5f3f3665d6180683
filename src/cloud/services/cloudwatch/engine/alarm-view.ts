/** Alarms as DescribeAlarms shows them. */
import type { Output } from '../../../kernel/api.ts'
import type { Alarm, CompositeAlarm, MetricAlarm } from '../state.ts'

type Described = Output<'cloudwatch', 'DescribeAlarms'>

const stateOf = ({ state, configured, arn }: Alarm) => ({
  AlarmArn: arn,
  AlarmConfigurationUpdatedTimestamp: new Date(configured),
  StateValue: state.value,
  StateReason: state.reason,
  StateReasonData: state.data,
  StateUpdatedTimestamp: new Date(state.updated),
  StateTransitionedTimestamp: new Date(state.since),
})

/** AWS: lists that were not given come empty. */
const actionsOf = ({ settings }: Alarm) => ({
  ActionsEnabled: settings.ActionsEnabled ?? true,
  OKActions: settings.OKActions ?? [],
  AlarmActions: settings.AlarmActions ?? [],
  InsufficientDataActions: settings.InsufficientDataActions ?? [],
})

export const metricAlarmView = (alarm: MetricAlarm): NonNullable<Described['MetricAlarms']>[number] => ({
  ...alarm.settings,
  ...stateOf(alarm),
  ...actionsOf(alarm),
  Dimensions: alarm.settings.Dimensions ?? [],
})

export const compositeAlarmView = (
  alarm: CompositeAlarm,
): NonNullable<Described['CompositeAlarms']>[number] => ({
  AlarmName: alarm.name,
  AlarmDescription: alarm.settings.AlarmDescription,
  AlarmRule: alarm.settings.AlarmRule,
  ...stateOf(alarm),
  ...actionsOf(alarm),
})
