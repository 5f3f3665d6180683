/** AWS::CloudWatch::Alarm. */
import type { Properties } from '../../../kernel/resource-type.ts'
import { alarmType } from './alarm-type.ts'

const NUMBERS = ['Period', 'EvaluationPeriods', 'DatapointsToAlarm', 'Threshold']
const TRUTHS = ['ActionsEnabled', 'ReturnData']

function settings(properties: Properties): Properties {
  const values = typed(properties)
  if (Array.isArray(values.Metrics))
    values.Metrics = values.Metrics.map((query: Properties) => {
      const one = typed(query)
      return one.MetricStat ? { ...one, MetricStat: typed(one.MetricStat) } : one
    })
  return values
}

function typed(properties: Properties): Properties {
  const values = { ...properties }
  for (const name of NUMBERS) if (values[name] !== undefined) values[name] = Number(values[name])
  for (const name of TRUTHS) if (values[name] !== undefined) values[name] = String(values[name]) === 'true'
  return values
}

export const alarm = alarmType({
  type: 'AWS::CloudWatch::Alarm',
  put: 'PutMetricAlarm',
  kind: 'MetricAlarm',
  settings,
})
