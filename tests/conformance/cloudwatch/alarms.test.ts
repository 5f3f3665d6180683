/** Alarms on what is put into metrics, on the cloud's clock. */
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { HandClock, MINUTE } from '../hand-clock.ts'
import { rootCaller } from '../modelled-client.ts'

const clock = new HandClock(Date.parse('2026-12-01T12:00:00Z'))
const test = await startTestCloud({ clock })
const cloudwatch = rootCaller(test.cloud, 'cloudwatch', { now: () => clock.now() })
const events: CloudEvent[] = []
test.cloud.bus.listen((event) => {
  if (event.source === 'aws.cloudwatch') events.push(event)
})

const put = (Value: number, MetricName = 'Errors') =>
  cloudwatch('PutMetricData', { Namespace: 'App', MetricData: [{ MetricName, Value }] })
const alarm = (AlarmName: string, more: object = {}) =>
  cloudwatch('PutMetricAlarm', {
    AlarmName,
    Namespace: 'App',
    MetricName: 'Errors',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    ...more,
  })
const state = async (name: string) => {
  const { MetricAlarms, CompositeAlarms } = await cloudwatch('DescribeAlarms', {
    AlarmNames: [name],
    AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
  })
  return [...MetricAlarms, ...CompositeAlarms][0]
}

describe('metric alarms', () => {
  it('begin with insufficient data and follow what is put', async () => {
    await alarm('errors', { Tags: [{ Key: 'team', Value: 'shop' }] })
    expect(await state('errors')).toMatchObject({
      AlarmArn: `arn:aws:cloudwatch:us-east-1:${HUB}:alarm:errors`,
      StateValue: 'INSUFFICIENT_DATA',
      StateReason: 'Unchecked: Initial alarm creation',
      ActionsEnabled: true,
      AlarmActions: [],
    })
    await put(3)
    await clock.pass(1)
    expect(await state('errors')).toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: 1 out of the last 1 datapoint [3.0 (01/12/26 12:00:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).',
    })
    await put(0)
    await clock.pass(1)
    expect(await state('errors')).toMatchObject({ StateValue: 'OK' })
    await clock.pass(2)
    // Two older data points are in the evaluation range still.
    await clock.pass(1)
    expect(await state('errors')).toMatchObject({ StateValue: 'INSUFFICIENT_DATA' })
  })

  it('tell EventBridge of their changes', () => {
    expect(events[0]).toMatchObject({
      detailType: 'CloudWatch Alarm State Change',
      resources: [`arn:aws:cloudwatch:us-east-1:${HUB}:alarm:errors`],
      detail: {
        alarmName: 'errors',
        state: { value: 'ALARM' },
        previousState: { value: 'INSUFFICIENT_DATA' },
        configuration: {
          metrics: [
            { metricStat: { metric: { namespace: 'App', name: 'Errors' }, period: 60, stat: 'Sum' } },
          ],
        },
      },
    })
    expect(events.map(({ detail }) => (detail as { state: { value: string } }).state.value)).toEqual([
      'ALARM',
      'OK',
      'INSUFFICIENT_DATA',
    ])
  })

  it('take what is missing as they are told', async () => {
    await alarm('quiet', { MetricName: 'Nothing', TreatMissingData: 'notBreaching' })
    await alarm('loud', { MetricName: 'Nothing', TreatMissingData: 'breaching' })
    await clock.pass(1)
    expect(await state('quiet')).toMatchObject({ StateValue: 'OK' })
    expect(await state('loud')).toMatchObject({
      StateValue: 'ALARM',
      StateReason:
        'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].',
    })
  })

  it('are set to a state, which the next evaluation changes back', async () => {
    await cloudwatch('SetAlarmState', { AlarmName: 'quiet', StateValue: 'ALARM', StateReason: 'a drill' })
    expect(await state('quiet')).toMatchObject({ StateValue: 'ALARM', StateReason: 'a drill' })
    await clock.pass(1)
    expect(await state('quiet')).toMatchObject({ StateValue: 'OK' })
    await expect(
      cloudwatch('SetAlarmState', { AlarmName: 'absent', StateValue: 'OK', StateReason: 'x' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFound' })
  })

  it('keep a history', async () => {
    const { AlarmHistoryItems } = await cloudwatch('DescribeAlarmHistory', { AlarmName: 'quiet' })
    expect(AlarmHistoryItems.map((one: { HistorySummary: string }) => one.HistorySummary)).toEqual([
      'Alarm updated from ALARM to OK',
      'Alarm updated from OK to ALARM',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm "quiet" created',
    ])
  })

  it('are of what is calculated from metrics', async () => {
    const stat = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: { Metric: { Namespace: 'App', MetricName }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    })
    const rate = (Expression: string, ...more: object[]) =>
      cloudwatch('PutMetricAlarm', {
        AlarmName: 'rate',
        Metrics: [{ Id: 'e1', Expression, Label: 'Failed' }, stat('bad', 'Bad'), stat('all', 'All'), ...more],
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      })
    await rate('half * 2', { Id: 'half', Expression: '50 * bad / all', ReturnData: false })
    await put(1, 'Bad')
    await put(10, 'All')
    await clock.pass(1)
    expect(await state('rate')).toMatchObject({
      StateValue: 'ALARM',
      StateReason: expect.stringContaining('[10.0 ('),
    })
    expect((events.at(-1)!.detail as { configuration: unknown }).configuration).toMatchObject({
      metrics: [
        { id: 'e1', expression: 'half * 2', label: 'Failed', returnData: true },
        { id: 'bad', metricStat: { metric: { name: 'Bad' }, period: 60, stat: 'Sum' }, returnData: false },
        { id: 'all' },
        { id: 'half', expression: '50 * bad / all' },
      ],
    })
    await put(100, 'All')
    await clock.pass(1)
    expect(await state('rate')).toMatchObject({ StateValue: 'OK' })
    for (const [wrong, why] of [
      ['bad /', /Error in expression: it ends too early/],
      ['e1 + bad', /e1 is calculated from itself/],
      ['RATE(bad)', /does not support RATE in metric math/],
    ] as const)
      await expect(rate(wrong)).rejects.toMatchObject({ message: expect.stringMatching(why) })
    await expect(rate('bad', stat('bad', 'Bad'))).rejects.toMatchObject({ name: 'ValidationError' })
  })

  it('send to topics where their actions are enabled', async () => {
    const sns = test.client(SNSClient)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alarms' }))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }))
    const trail = () =>
      test.cloud.trail
        .entries()
        .filter(({ operation }) => operation === 'sns:Publish')
        .map(({ decision }) => decision)
    await alarm('paged', { AlarmActions: [TopicArn] })
    const ring = () =>
      cloudwatch('SetAlarmState', { AlarmName: 'paged', StateValue: 'ALARM', StateReason: 'x' })
    await ring()
    await test.cloud.settled()
    expect(trail()).toHaveLength(1)
    await cloudwatch('SetAlarmState', { AlarmName: 'paged', StateValue: 'OK', StateReason: 'x' })
    await cloudwatch('DisableAlarmActions', { AlarmNames: ['paged'] })
    await ring()
    await test.cloud.settled()
    expect(trail()).toHaveLength(1)
  })

  it('are refused for what they cannot watch', async () => {
    const refused = (more: object) => alarm('x', more)
    await expect(refused({ Period: 45 })).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
    await expect(refused({ DatapointsToAlarm: 2 })).rejects.toThrow(/less than or equal to EvaluationPeriods/)
    await expect(refused({ Statistic: undefined })).rejects.toMatchObject({
      name: 'MissingRequiredParameterException',
    })
    await expect(refused({ AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] })).rejects.toThrow(
      /does not support the alarm action/,
    )
    const band = { Id: 'a', Expression: 'ANOMALY_DETECTION_BAND(m)' }
    const m = {
      Id: 'm',
      MetricStat: { Metric: { Namespace: 'App', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' },
    }
    const none = { MetricName: undefined, Namespace: undefined, Statistic: undefined, Period: undefined }
    await expect(refused({ ...none, Metrics: [band, m] })).rejects.toThrow(/Exactly one element/)
    await expect(refused({ ...none, Metrics: [band, { ...m, ReturnData: false }] })).rejects.toThrow(
      /does not support ANOMALY_DETECTION_BAND in metric math/,
    )
    await expect(refused({ ...none, Metrics: [{ ...m, AccountId: HUB }] })).rejects.toThrow(
      /does not support metrics of other accounts/,
    )
  })

  it('are tagged and deleted', async () => {
    const ResourceARN = `arn:aws:cloudwatch:us-east-1:${HUB}:alarm:errors`
    expect(await cloudwatch('ListTagsForResource', { ResourceARN })).toEqual({
      Tags: [{ Key: 'team', Value: 'shop' }],
    })
    await cloudwatch('DeleteAlarms', { AlarmNames: ['errors', 'absent'] })
    expect(await state('errors')).toBeUndefined()
  })
})

describe('composite alarms', () => {
  it('follow the alarms that their rules speak of', async () => {
    await alarm('a', { MetricName: 'A', TreatMissingData: 'ignore' })
    await alarm('b c', { MetricName: 'B', TreatMissingData: 'ignore' })
    const set = (AlarmName: string, StateValue: string) =>
      cloudwatch('SetAlarmState', { AlarmName, StateValue, StateReason: 'x' })
    await cloudwatch('PutCompositeAlarm', {
      AlarmName: 'both',
      AlarmRule: 'ALARM(a) AND NOT (OK("b c") OR INSUFFICIENT_DATA("b c"))',
    })
    expect(await state('both')).toMatchObject({ StateValue: 'OK' })
    await set('a', 'ALARM')
    expect(await state('both')).toMatchObject({ StateValue: 'OK' })
    await set('b c', 'ALARM')
    expect(await state('both')).toMatchObject({ StateValue: 'ALARM' })
    await expect(cloudwatch('DeleteAlarms', { AlarmNames: ['a'] })).rejects.toThrow(/composite alarm both/)
  })

  it('refuse rules that cannot be read, or bite their own tail', async () => {
    const composite = (AlarmName: string, AlarmRule: string) =>
      cloudwatch('PutCompositeAlarm', { AlarmName, AlarmRule })
    for (const rule of ['ALARM(a', 'ALARM a', 'ALARM(a) OR', 'SOME(a)', 'ALARM(a) ALARM(a)'])
      await expect(composite('wrong', rule)).rejects.toThrow(/syntax errors/)
    await expect(composite('wrong', 'ALARM(absent)')).rejects.toThrow(/does not exist/)
    await expect(composite('both', 'ALARM(both)')).rejects.toThrow(/cycles/)
  })
})

describe('metrics', () => {
  it('give statistics of what was put', async () => {
    const now = clock.now()
    await cloudwatch('PutMetricData', {
      Namespace: 'Shop',
      MetricData: [
        { MetricName: 'Time', Values: [1, 2, 10], Counts: [2, 1, 1], Unit: 'Seconds' },
        { MetricName: 'Time', Value: 4, Unit: 'Seconds', Timestamp: now / 1000 - 300 },
      ],
    })
    const span = { StartTime: (now - 10 * MINUTE) / 1000, EndTime: (now + MINUTE) / 1000 }
    const { Datapoints } = await cloudwatch('GetMetricStatistics', {
      ...span,
      Namespace: 'Shop',
      MetricName: 'Time',
      Period: 60,
      Statistics: ['Average', 'SampleCount', 'Maximum'],
      ExtendedStatistics: ['p50'],
    })
    expect(Datapoints).toEqual([
      {
        Timestamp: now / 1000 - 300,
        Unit: 'Seconds',
        Average: 4,
        SampleCount: 1,
        Maximum: 4,
        ExtendedStatistics: { p50: 4 },
      },
      {
        Timestamp: now / 1000,
        Unit: 'Seconds',
        Average: 3.5,
        SampleCount: 4,
        Maximum: 10,
        ExtendedStatistics: { p50: 1 },
      },
    ])
    const { MetricDataResults } = await cloudwatch('GetMetricData', {
      ...span,
      MetricDataQueries: [
        {
          Id: 'a',
          MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Time' }, Period: 600, Stat: 'Sum' },
        },
        { Id: 'b', Expression: 'FILL(a, 0) / 2' },
      ],
    })
    expect(MetricDataResults[0]).toMatchObject({ Id: 'a', Label: 'Time', StatusCode: 'Complete' })
    expect(MetricDataResults[0].Values.reduce((a: number, b: number) => a + b)).toBe(18)
    expect(MetricDataResults[1]).toMatchObject({ Id: 'b', Label: 'b' })
    expect(MetricDataResults[1].Values.reduce((a: number, b: number) => a + b)).toBe(9)
    expect(await cloudwatch('ListMetrics', { Namespace: 'Shop' })).toMatchObject({
      Metrics: [{ Namespace: 'Shop', MetricName: 'Time', Dimensions: [] }],
    })
  })

  it('take no namespace of AWS’s, and no time long past', async () => {
    await expect(
      cloudwatch('PutMetricData', { Namespace: 'AWS/Lambda', MetricData: [{ MetricName: 'x', Value: 1 }] }),
    ).rejects.toThrow(/value AWS\/ for parameter Namespace/)
    const Timestamp = clock.now() / 1000 - 15 * 86_400
    await expect(
      cloudwatch('PutMetricData', {
        Namespace: 'App',
        MetricData: [{ MetricName: 'x', Value: 1, Timestamp }],
      }),
    ).rejects.toThrow(/between two weeks in the past/)
  })
})
