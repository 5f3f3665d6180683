/** What the embedded cloud carries out of observation: alarms, logs. */
import { type CarriedOut, properties } from './carried-out.ts'

const ALARM = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'AlarmName',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
]

export const observation: Readonly<Record<string, CarriedOut>> = {
  'AWS::CloudWatch::Alarm': properties(
    ...ALARM,
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'MetricName',
    'Metrics',
    'Namespace',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ),
  'AWS::CloudWatch::CompositeAlarm': properties(...ALARM, 'AlarmRule'),
  'AWS::Logs::LogGroup': properties('LogGroupName', 'RetentionInDays', 'KmsKeyId', 'LogGroupClass', 'Tags'),
  'AWS::Logs::LogStream': properties('LogGroupName', 'LogStreamName'),
  'AWS::Logs::ResourcePolicy': properties('PolicyName', 'PolicyDocument'),
}
