/** AWS's own clients, which speak CBOR with CloudWatch, and older ones, which send forms. */
import { expect, it } from 'vitest'
import { signedAnew } from '../../chaos/signed-request.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3 } from '../command-line.ts'

const test = await startTestCloud()
const { python } = commandLine(test.cloud)

const program = (protocol: string) => `
import botocore.model
botocore.model.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS = ('${protocol}',)
import boto3, datetime, json
c = boto3.client('cloudwatch')
sent = []
c.meta.events.register('before-send', lambda request, **_: sent.append(dict(request.headers)['Content-Type'].decode()))
c.put_metric_alarm(AlarmName='errors', Namespace='App', MetricName='Errors', Statistic='Sum', Period=60,
  EvaluationPeriods=1, Threshold=1.5, ComparisonOperator='GreaterThanThreshold')
now = datetime.datetime.now(datetime.timezone.utc)
c.put_metric_data(Namespace='App', MetricData=[{'MetricName': 'Errors', 'Value': 2.5, 'Timestamp': now}])
found = c.describe_alarms(AlarmNames=['errors'])['MetricAlarms'][0]
points = c.get_metric_statistics(Namespace='App', MetricName='Errors', Period=60, Statistics=['Sum'],
  StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5))['Datapoints']
try:
    c.set_alarm_state(AlarmName='absent', StateValue='OK', StateReason='x')
except c.exceptions.ResourceNotFound as error:
    code = error.response['Error']['Code']
print(json.dumps({'threshold': found['Threshold'], 'state': found['StateValue'],
  'recent': abs((found['StateUpdatedTimestamp'] - now).total_seconds()) < 60,
  'sum': points[0]['Sum'], 'code': code, 'types': list(set(sent))}))
`

it.runIf(hasBoto3).each([
  ['smithy-rpc-v2-cbor', 'application/cbor'],
  ['json', 'application/x-amz-json-1.0'],
])('answers boto3 that speaks %s', async (protocol, type) => {
  expect(JSON.parse(await python(program(protocol)))).toEqual({
    threshold: 1.5,
    state: 'INSUFFICIENT_DATA',
    recent: true,
    sum: expect.closeTo(protocol === 'json' ? 5 : 2.5),
    code: 'ResourceNotFound',
    types: [type],
  })
})

it('answers forms with XML', async () => {
  const send = async (parameters: Record<string, string>) => {
    const body = Buffer.from(new URLSearchParams({ Version: '2010-08-01', ...parameters }).toString())
    const authorization = `Credential=${HUB}/20260101/us-east-1/monitoring/aws4_request`
    const headers = { 'content-type': 'application/x-www-form-urlencoded', authorization }
    const { endpoint } = test.cloud
    const request = { method: 'POST', path: '/', headers, body }
    const signed = signedAnew(request, new URL(endpoint).host, new Date())
    const { host: _, ...sent } = signed.headers as Record<string, string>
    const answer = await fetch(endpoint, { method: 'POST', headers: sent, body })
    return `${answer.status} ${await answer.text()}`
  }
  await send({
    Action: 'PutMetricData',
    Namespace: 'Form',
    'MetricData.member.1.MetricName': 'M',
    'MetricData.member.1.Value': '1',
  })
  expect(await send({ Action: 'ListMetrics', Namespace: 'Form' })).toMatch(
    /^200 <ListMetricsResponse .*<MetricName>M<\/MetricName>/,
  )
  expect(
    await send({ Action: 'SetAlarmState', AlarmName: 'absent', StateValue: 'OK', StateReason: 'x' }),
  ).toMatch(/^404 .*<Code>ResourceNotFound<\/Code>/)
  expect(await send({ Action: 'PutMetricData' })).toMatch(/^400 .*<Code>ValidationError<\/Code>/)
})
