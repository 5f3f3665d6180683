/** Health checks by the cloud's clock, draining, and the metrics that alarms of deployments look at. */
import { describe, expect, it } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import { healthStates } from '../../../src/cloud/services/elasticloadbalancing/engine/target-health.ts'
import { HUB, startTestCloud } from '../cloud.ts'
import { HandClock } from '../hand-clock.ts'
import { rootCaller } from '../modelled-client.ts'
import { callerOf, forwardTo, makeBalancer, makeGroup, makeListener, runAt } from './shop.ts'

const clock = new HandClock(Date.parse('2026-12-01T12:00:00Z'))
const test = await startTestCloud({ clock })
const now = () => clock.now()
const call = callerOf(test, now)
const cloudwatch = rootCaller(test.cloud, 'cloudwatch', { now })
const scope = { account: HUB, region: 'us-east-1' }

const balancer = await makeBalancer(call, 'web')
let status = 200
const asked: string[] = []
await runAt(test, { ip: '172.31.0.10', port: 8080 }, (request, response) => {
  asked.push(`${request.headers['user-agent']} ${request.headers.host} ${request.url}`)
  response.writeHead(status).end('hello')
})
const group = await makeGroup(call, 'app', {
  Port: 8080,
  HealthCheckPath: '/health',
  HealthCheckIntervalSeconds: 10,
  HealthyThresholdCount: 2,
  UnhealthyThresholdCount: 2,
})
const target = { Id: '172.31.0.10', Port: 8080 }

const health = async (TargetGroupArn = group, Targets?: object[]) => {
  const { TargetHealthDescriptions: all } = await call('DescribeTargetHealth', { TargetGroupArn, Targets })
  return all[0]?.TargetHealth
}
/** A check asks over a socket, whatever the clock says. */
const until = async (state: string, of = group) => {
  for (;;) {
    const { State } = await health(of)
    if (State === state) return
    await new Promise((resolve) => setImmediate(resolve))
  }
}
/** Lets a check come, and its answer, of every target that is checked. */
const check = async (times = 1) => {
  const states = test.cloud.part(healthStates)
  for (let at = 0; at < times; at++) {
    const before = new Map(states)
    await clock.pass(1 / 6, 10_000)
    while ([...before].some(([key, one]) => states.get(key) === one))
      await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a target', () => {
  it('is unused as long as no rule leads to its group', async () => {
    await call('RegisterTargets', { TargetGroupArn: group, Targets: [target] })
    expect(await health()).toEqual({
      State: 'unused',
      Reason: 'Target.NotInUse',
      Description: 'Target group is not configured to receive traffic from the load balancer',
    })
    await clock.pass(1)
    expect(asked).toEqual([])
    expect(await health(group, [{ Id: '172.31.7.7' }])).toMatchObject({ Reason: 'Target.NotRegistered' })
  })

  it('is healthy after one success, unhealthy and healthy again by the thresholds', async () => {
    await makeListener(call, balancer, forwardTo([group, 1]))
    await until('healthy')
    expect(asked).toEqual(['ELB-HealthChecker/2.0 172.31.0.10:8080 /health'])
    status = 500
    await check()
    expect(await health()).toEqual({ State: 'healthy' })
    await check()
    expect(await health()).toEqual({
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    })
    status = 200
    await check()
    expect((await health()).State).toBe('unhealthy')
    await check()
    expect((await health()).State).toBe('healthy')
  })

  it('that nobody answers for times out, and one that refuses fails', async () => {
    const gone = await makeGroup(call, 'gone', { HealthCheckIntervalSeconds: 10 })
    test.cloud
      .part(privateNetwork)
      .register({ ...scope, ip: '172.31.0.21', port: 80 }, { kind: 'port', port: 1 })
    await call('RegisterTargets', {
      TargetGroupArn: gone,
      Targets: [{ Id: '172.31.0.20' }, { Id: '172.31.0.21' }],
    })
    await makeListener(call, balancer, forwardTo([gone, 1]), { Port: 81 })
    expect((await health(gone)).State).toBe('initial')
    await check(2)
    await until('unhealthy', gone)
    const { TargetHealthDescriptions: all } = await call('DescribeTargetHealth', { TargetGroupArn: gone })
    expect(all.map((one: { TargetHealth: object }) => one.TargetHealth)).toEqual([
      { State: 'unhealthy', Reason: 'Target.Timeout', Description: 'Request timed out' },
      { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' },
    ])
  })

  it('may be simulated', async () => {
    const simulated = await makeGroup(call, 'simulated')
    const seen: string[] = []
    test.cloud.part(privateNetwork).register(
      { ...scope, ip: '172.31.0.30', port: 80 },
      {
        kind: 'simulated',
        answer: ({ method, path }) => {
          seen.push(`${method} ${path}`)
          return { status: 200, headers: { 'x-own': 'yes' }, text: 'in its place' }
        },
      },
    )
    await call('RegisterTargets', { TargetGroupArn: simulated, Targets: [{ Id: '172.31.0.30' }] })
    const { address } = await makeListener(call, balancer, forwardTo([simulated, 1]), { Port: 82 })
    await until('healthy', simulated)
    const response = await fetch(`${address}/a?b`, { method: 'POST', body: 'x' })
    expect([response.headers.get('x-own'), await response.text()]).toEqual(['yes', 'in its place'])
    expect(seen).toEqual(['GET /', 'POST /a?b'])
  })

  it('drains for as long as the group says, and takes no more requests', async () => {
    await call('ModifyTargetGroupAttributes', {
      TargetGroupArn: group,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '120' }],
    })
    await call('DeregisterTargets', { TargetGroupArn: group, Targets: [target] })
    expect(await health()).toMatchObject({ State: 'draining', Reason: 'Target.DeregistrationInProgress' })
    const checks = asked.length
    await clock.pass(1)
    expect((await health()).State).toBe('draining')
    await clock.pass(1)
    expect(await health()).toBeUndefined()
    expect(asked.length).toBe(checks)
  })
})

describe('an alarm', () => {
  it('rings for what targets answered', async () => {
    const failing = await makeGroup(call, 'failing', { HealthCheckPath: '/health' })
    await runAt(test, { ip: '172.31.0.40', port: 80 }, (request, response) =>
      response.writeHead(request.url === '/health' ? 200 : 500).end(),
    )
    await call('RegisterTargets', { TargetGroupArn: failing, Targets: [{ Id: '172.31.0.40' }] })
    const { address } = await makeListener(call, balancer, forwardTo([failing, 1]), { Port: 83 })
    await until('healthy', failing)
    const Dimensions = [
      { Name: 'TargetGroup', Value: failing.slice(failing.lastIndexOf(':') + 1) },
      { Name: 'LoadBalancer', Value: balancer.slice(balancer.indexOf('/') + 1) },
    ]
    const alarm = (AlarmName: string, MetricName: string, more: object = {}) =>
      cloudwatch('PutMetricAlarm', {
        ...{ AlarmName, MetricName, Dimensions, Namespace: 'AWS/ApplicationELB', Statistic: 'Sum' },
        ...{ Period: 60, EvaluationPeriods: 1, Threshold: 2 },
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        ...more,
      })
    await alarm('errors', 'HTTPCode_Target_5XX_Count')
    await alarm('requests', 'RequestCount', { Threshold: 4 })
    await alarm('hosts', 'HealthyHostCount', { Statistic: 'Maximum', Threshold: 1 })
    for (let at = 0; at < 3; at++) expect((await fetch(address)).status).toBe(500)
    await test.cloud.settled()
    await clock.pass(1)
    const { MetricAlarms } = await cloudwatch('DescribeAlarms', {})
    expect(
      MetricAlarms.map((one: { AlarmName: string; StateValue: string }) => [one.AlarmName, one.StateValue]),
    ).toEqual([
      ['errors', 'ALARM'],
      ['hosts', 'ALARM'],
      ['requests', 'OK'],
    ])
    await expect(
      cloudwatch('PutServiceMetricData', { namespace: 'AWS/ApplicationELB', dimensions: [], data: [] }),
    ).rejects.toThrow()
  })
})
