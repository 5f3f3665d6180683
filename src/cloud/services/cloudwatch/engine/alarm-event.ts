/** What is told of an alarm that has changed its state: to EventBridge, and to whom its actions name. */
import type { Context } from '../../../kernel/context.ts'
import type { Alarm, MetricSettings, StateNow } from '../state.ts'
import { watchedBy } from './metric-of-alarm.ts'

const stamped = (at: number): string => new Date(at).toISOString().replace('Z', '+0000')

const told = ({ value, reason, data, updated }: StateNow) => ({
  value,
  reason,
  ...(data !== undefined && { reasonData: data }),
  timestamp: stamped(updated),
})

/** AWS: cloudwatch-and-eventbridge, "Alarm state change events". */
export function publishChange(ctx: Context, alarm: Alarm, before: StateNow): void {
  const { arn, name, settings, state } = alarm
  ctx.publish({
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [arn],
    detail: {
      alarmName: name,
      state: told(state),
      previousState: told(before),
      configuration: {
        ...(settings.AlarmDescription !== undefined && { description: settings.AlarmDescription }),
        ...(alarm.kind === 'CompositeAlarm'
          ? { alarmRule: alarm.settings.AlarmRule }
          : { metrics: metricsTold(ctx, alarm.settings) }),
      },
    },
  })
}

function metricsTold(ctx: Context, settings: MetricSettings) {
  const watched = watchedBy(settings)
  if (!watched) return []
  const { metric, period, statistic } = watched
  const dimensions = Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value]))
  return [
    {
      id: settings.Metrics?.find(({ ReturnData }) => ReturnData ?? true)?.Id ?? ctx.cloud.ids.uuid(),
      metricStat: {
        metric: { namespace: metric.namespace, name: metric.name, dimensions },
        period: period / 1000,
        stat: statistic,
      },
      returnData: true,
    },
  ]
}

/** What a topic is sent, and a function. AWS: the form of alarm notifications; functions get `lambda`. */
export function messageOf(ctx: Context, alarm: Alarm, before: StateNow) {
  const { settings, state, name, arn } = alarm
  const text = JSON.stringify({
    AlarmName: name,
    AlarmDescription: settings.AlarmDescription ?? null,
    AWSAccountId: ctx.account,
    AlarmConfigurationUpdatedTimestamp: stamped(alarm.configured),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: stamped(state.updated),
    Region: ctx.region,
    AlarmArn: arn,
    OldStateValue: before.value,
    OKActions: settings.OKActions ?? [],
    AlarmActions: settings.AlarmActions ?? [],
    InsufficientDataActions: settings.InsufficientDataActions ?? [],
    ...(alarm.kind === 'CompositeAlarm'
      ? { AlarmRule: alarm.settings.AlarmRule }
      : { Trigger: triggerOf(alarm.settings) }),
  })
  const lambda = JSON.stringify({
    source: 'aws.cloudwatch',
    alarmArn: arn,
    accountId: ctx.account,
    time: stamped(state.updated),
    region: ctx.region,
    alarmData: { alarmName: name, state: told(state), previousState: told(before) },
  })
  return { text, lambda, subject: `${state.value}: "${name}" in ${ctx.region}`.slice(0, 100) }
}

function triggerOf(settings: MetricSettings) {
  const { Threshold, ComparisonOperator, EvaluationPeriods, TreatMissingData } = settings
  const watched = watchedBy(settings)
  return {
    MetricName: watched?.metric.name,
    Namespace: watched?.metric.namespace,
    StatisticType: settings.ExtendedStatistic ? 'ExtendedStatistic' : 'Statistic',
    Statistic: watched?.statistic.toUpperCase(),
    Unit: watched?.unit ?? null,
    Dimensions: watched?.metric.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
    Period: (watched?.period ?? 0) / 1000,
    EvaluationPeriods,
    ComparisonOperator,
    Threshold,
    TreatMissingData: TreatMissingData ?? 'missing',
  }
}
