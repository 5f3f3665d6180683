/** What is told of an alarm that has changed its state: to EventBridge, and to whom its actions name. */
import type { Context } from '../../../kernel/context.ts'
import type { Alarm, MetricSettings, StateNow } from '../state.ts'
import { isMath, type WatchedMetric, watchedBy } from './metric-of-alarm.ts'

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
  const { Metrics = [] } = settings
  if (!isMath(watched)) {
    const id = Metrics[0]?.Id ?? ctx.cloud.ids.uuid()
    return [{ id, metricStat: statTold(watched), returnData: true }]
  }
  return Metrics.map(({ Id = '', Expression, Label, ReturnData }) => {
    const metric = watched.metrics.get(Id)
    return {
      id: Id,
      ...(metric ? { metricStat: statTold(metric) } : { expression: Expression }),
      ...(Label !== undefined && { label: Label }),
      returnData: ReturnData ?? true,
    }
  })
}

const statTold = ({ metric, period, statistic }: WatchedMetric) => ({
  metric: {
    namespace: metric.namespace,
    name: metric.name,
    dimensions: Object.fromEntries(metric.dimensions.map(({ Name, Value }) => [Name, Value])),
  },
  period: period / 1000,
  stat: statistic,
})

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
    ...(watched && isMath(watched) ? { Metrics: settings.Metrics } : metricTriggering(settings, watched)),
    Period: (watched?.period ?? 0) / 1000,
    EvaluationPeriods,
    ComparisonOperator,
    Threshold,
    TreatMissingData: TreatMissingData ?? 'missing',
  }
}

const metricTriggering = ({ ExtendedStatistic }: MetricSettings, watched: WatchedMetric | undefined) => ({
  MetricName: watched?.metric.name,
  Namespace: watched?.metric.namespace,
  StatisticType: ExtendedStatistic ? 'ExtendedStatistic' : 'Statistic',
  Statistic: watched?.statistic.toUpperCase(),
  Unit: watched?.unit ?? null,
  Dimensions: watched?.metric.dimensions.map(({ Name, Value }) => ({ value: Value, name: Name })),
})
