/** DescribeAlarms and DescribeAlarmsForMetric. */
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { compositeAlarmView, metricAlarmView } from '../engine/alarm-view.ts'
import { isMath, watchedBy } from '../engine/metric-of-alarm.ts'
import { keyOf, metricOf } from '../engine/points.ts'
import { badToken } from '../engine/refuse.ts'
import { alarmKind } from '../kinds.ts'
import { type Alarm, alarms } from '../state.ts'

const sorted = (ctx: Context): Alarm[] =>
  ctx
    .table(alarms)
    .values()
    .sort((one, other) => (one.name < other.name ? -1 : 1))

/** AWS: without a type metric alarms only; each alarm that is named is asked about, otherwise all of them. */
export const DescribeAlarms = operation({
  service: 'cloudwatch',
  name: 'DescribeAlarms',
  access: ({ AlarmNames = [] }, ctx) =>
    (AlarmNames.length ? AlarmNames : ['*']).map((name) => alarmKind.on(ctx, 'DescribeAlarms', name)),
  run: (input, ctx) => {
    refuseUnsupported(input, ['ChildrenOfAlarmName', 'ParentsOfAlarmName'])
    const { AlarmNames: names, AlarmNamePrefix: prefix = '', AlarmTypes: types = ['MetricAlarm'] } = input
    const wanted = sorted(ctx).filter(
      (alarm) =>
        (!names || names.includes(alarm.name)) &&
        alarm.name.startsWith(prefix) &&
        types.includes(alarm.kind) &&
        (input.StateValue === undefined || alarm.state.value === input.StateValue) &&
        (input.ActionPrefix === undefined ||
          (alarm.settings.AlarmActions ?? []).some((one) => one.startsWith(input.ActionPrefix!))),
    )
    const { NextToken: token, MaxRecords: limit = 50, ...query } = input
    const page = paginate(wanted, { token, limit, query, error: badToken })
    return {
      MetricAlarms: page.items.flatMap((one) => (one.kind === 'MetricAlarm' ? metricAlarmView(one) : [])),
      CompositeAlarms: page.items.flatMap((one) =>
        one.kind === 'CompositeAlarm' ? compositeAlarmView(one) : [],
      ),
      NextToken: page.nextToken,
    }
  },
})

/** AWS: alarms on math expressions are not among them. */
export const DescribeAlarmsForMetric = operation({
  service: 'cloudwatch',
  name: 'DescribeAlarmsForMetric',
  access: (_input, ctx) => [alarmKind.on(ctx, 'DescribeAlarmsForMetric', '*')],
  run: (input, ctx) => {
    const { Namespace = '', MetricName = '', Dimensions, Period, Unit, Statistic, ExtendedStatistic } = input
    const key = keyOf(metricOf(Namespace, MetricName, Dimensions))
    const statistic = Statistic ?? ExtendedStatistic
    const found = sorted(ctx).flatMap((alarm) => {
      const watched = alarm.kind === 'MetricAlarm' && watchedBy(alarm.settings)
      const isMeant =
        watched &&
        !isMath(watched) &&
        keyOf(watched.metric) === key &&
        (statistic === undefined || watched.statistic === statistic) &&
        (Period === undefined || watched.period === Period * 1000) &&
        (Unit === undefined || watched.unit === Unit)
      return isMeant && alarm.kind === 'MetricAlarm' ? [metricAlarmView(alarm)] : []
    })
    return { MetricAlarms: found }
  },
})
