/** cloudwatch:PutMetricAlarm. */
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { tagMap } from '../../../kernel/tags.ts'
import { checkActions } from '../engine/alarm-action.ts'
import { COMPARISONS } from '../engine/breach.ts'
import { scheduleAlarm } from '../engine/evaluate.ts'
import { isMath, type Query, returning, watchedBy } from '../engine/metric-of-alarm.ts'
import { putAlarm } from '../engine/put-alarm.ts'
import { invalidCombination, invalidValue, missing, unsupported } from '../engine/refuse.ts'
import { checkStatistic } from '../engine/statistics.ts'
import { alarmKind } from '../kinds.ts'

type AlarmInput = Input<'cloudwatch', 'PutMetricAlarm'>

/** AWS: seconds that a period may have besides multiples of a minute. */
const SHORT = [10, 20, 30]
const DAY = 86_400
const WEEK = 604_800

/**
 * Creates or replaces an alarm. AWS: the state of one that is there is left as it is, and tags are taken when it is
 * created only.
 */
export const PutMetricAlarm = operation({
  service: 'cloudwatch',
  name: 'PutMetricAlarm',
  access: (input, ctx) =>
    alarmKind.onNew(ctx, 'PutMetricAlarm', input.AlarmName ?? '', input.Tags, {
      'cloudwatch:AlarmActions': [
        ...(input.AlarmActions ?? []),
        ...(input.OKActions ?? []),
        ...(input.InsufficientDataActions ?? []),
      ],
    }),
  run: (input, ctx) => {
    const { Tags, ...settings } = input
    check(input)
    const alarm = putAlarm(ctx, { kind: 'MetricAlarm', settings }, tagMap(Tags))
    if (alarm.kind === 'MetricAlarm') scheduleAlarm(ctx, alarm, ctx.cloud.clock.now())
    return {}
  },
})

/** Errors: MissingParameter, InvalidParameterValue, InvalidParameterCombination, UnsupportedParameter. */
function check(input: AlarmInput): void {
  refuseUnsupported(input, [
    'ThresholdMetricId',
    'EvaluateLowSampleCountPercentile',
    'EvaluationCriteria',
    'EvaluationInterval',
  ])
  const { ComparisonOperator, Threshold, EvaluationPeriods: periods, DatapointsToAlarm: some } = input
  if (!Object.hasOwn(COMPARISONS, ComparisonOperator ?? ''))
    throw unsupported(`the comparison ${ComparisonOperator}, which anomaly detection has`)
  if (Threshold === undefined) throw missing('The parameter Threshold is required.')
  if (periods === undefined) throw missing('The parameter EvaluationPeriods is required.')
  if (some !== undefined && some > periods)
    throw invalidValue('DatapointsToAlarm must be less than or equal to EvaluationPeriods')
  checkTreatment(input)
  checkMetric(input)
  checkActions([input.OKActions, input.AlarmActions, input.InsufficientDataActions])
}

const TREATMENTS = ['breaching', 'notBreaching', 'ignore', 'missing']

function checkTreatment({ TreatMissingData: treatment }: AlarmInput): void {
  if (treatment !== undefined && !TREATMENTS.includes(treatment))
    throw invalidValue(`Invalid TreatMissingData value ${treatment}; allowed are ${TREATMENTS.join(', ')}`)
}

function checkMetric(input: AlarmInput): void {
  const { Metrics, MetricName, Namespace, Statistic, ExtendedStatistic, EvaluationPeriods = 1 } = input
  if (
    Metrics &&
    (MetricName || Namespace || Statistic || ExtendedStatistic || input.Period || input.Dimensions)
  )
    throw invalidCombination(
      'Metrics list cannot be specified with MetricName, Namespace, Dimensions, Period, Unit, Statistic or ExtendedStatistic',
    )
  if (Metrics) checkQueries(Metrics)
  if (Statistic && ExtendedStatistic)
    throw invalidCombination('Statistic and ExtendedStatistic cannot be specified together')
  const watched = watchedBy(input)
  if (!watched)
    throw missing(
      'The parameters MetricName, Namespace, Period and Statistic or ExtendedStatistic are required.',
    )
  for (const { statistic } of isMath(watched) ? watched.metrics.values() : [watched])
    checkStatistic(statistic)
  const seconds = watched.period / 1000
  if (!SHORT.includes(seconds) && seconds % 60 !== 0)
    throw invalidValue('Metric Period must be 10, 20, 30 or a multiple of 60')
  const most = seconds < 3600 ? DAY : WEEK
  if (seconds * EvaluationPeriods > most)
    throw invalidValue(
      `Metrics cannot be checked across more than ${most === DAY ? 'a day' : 'seven days'} (EvaluationPeriods * Period must be <= ${most})`,
    )
}

/** AWS: one of them returns data, for which the others say that they do not. */
function checkQueries(queries: readonly Query[]): void {
  const told = queries.filter(({ ReturnData }) => ReturnData ?? true)
  if (told.length !== 1) throw invalidValue('Exactly one element of the metrics list should return data')
  if (queries.length > 1 && returning(queries)?.MetricStat)
    throw unsupported('metrics in an alarm that its expression does not use')
  if (queries.some(({ AccountId }) => AccountId !== undefined))
    throw unsupported('metrics of other accounts in alarms')
}
