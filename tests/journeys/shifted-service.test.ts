/**
 * A team's stack with a service behind a load balancer: a bad image, a container that crashes, and a release that is
 * shifted by ten percent at a time, watched at the listener, and taken back when an alarm sounds.
 */
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation'
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ContainerShop, IMAGE, openContainerShop } from '../conformance/ecs/container-shop.ts'
import { addressOf, callerOf } from '../conformance/elasticloadbalancing/shop.ts'
import { AheadClock } from './ahead-clock.ts'
import { serviceTemplate } from './service-template.ts'

const clock = new AheadClock()
let shop: ContainerShop
let cloudformation: CloudFormationClient
let elb: ReturnType<typeof callerOf>
let outputs: Record<string, string>
let address: string

const CAREFUL = {
  DeploymentCircuitBreaker: { Enable: true, Rollback: true },
  Strategy: 'LINEAR',
  LinearConfiguration: { StepPercent: 10, StepBakeTimeInMinutes: 1 },
  BakeTimeInMinutes: 1,
  Alarms: { AlarmNames: ['shop-errors'], Enable: true, Rollback: true },
}

const input = (parameters: Record<string, string>) => ({
  StackName: 'shop',
  TemplateBody: serviceTemplate(CAREFUL),
  Capabilities: ['CAPABILITY_IAM' as const],
  Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  })),
})

async function stack() {
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'shop' }))
  return Stacks![0]!
}

/** Lets time go by, five seconds after the other, until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let second = 0; second < 3_600; second += 5) {
    if (await holds()) return
    clock.pass(5 / 60)
  }
  throw new Error('nothing came of it in an hour')
}

/** Lets time go by until the stack is done; gives its status. */
async function settled(): Promise<string> {
  let status = ''
  await until(async () => {
    status = (await stack()).StackStatus ?? ''
    return !status.endsWith('IN_PROGRESS')
  })
  return status
}

const update = (parameters: Record<string, string>) =>
  cloudformation.send(new UpdateStackCommand(input(parameters)))

/** Why the newest update failed. */
async function reason(): Promise<string | undefined> {
  const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName: 'shop' }))
  return StackEvents!.find(
    ({ LogicalResourceId: id, ResourceStatus: status }) => id === 'Service' && status === 'UPDATE_FAILED',
  )?.ResourceStatusReason
}

/** Which versions answer, so many times asked. */
async function versions(count = 40): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const text of await Promise.all(
    Array.from({ length: count }, async () => (await fetch(address)).text()),
  )) {
    const tag = /app:(v\d)/.exec(text)?.[1] ?? text
    counts[tag] = (counts[tag] ?? 0) + 1
  }
  return counts
}

/** Percent of the traffic that the listener's rule gives the revision that is released. */
async function share(): Promise<number> {
  const { serviceDeployments } = await shop.ecs.send(
    new ListServiceDeploymentsCommand({ cluster: outputs.Cluster, service: 'shop' }),
  )
  const { targetServiceRevisionArn: arn } = serviceDeployments![0]!
  const { serviceRevisions } = await shop.ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn!] }),
  )
  const [group] = serviceRevisions![0]!.resolvedConfiguration!.loadBalancers!
  const { Rules } = await elb('DescribeRules', { RuleArns: [outputs.Production] })
  const groups: { TargetGroupArn: string; Weight: number }[] = Rules[0].Actions[0].ForwardConfig.TargetGroups
  return groups.find(({ TargetGroupArn }) => TargetGroupArn === group!.targetGroupArn)!.Weight
}

async function service() {
  const { services } = await shop.ecs.send(
    new DescribeServicesCommand({ cluster: outputs.Cluster, services: ['shop'] }),
  )
  return services![0]!
}

const alarm = (StateValue: 'OK' | 'ALARM') =>
  shop
    .client(CloudWatchClient)
    .send(new SetAlarmStateCommand({ AlarmName: 'shop-errors', StateValue, StateReason: 'journey' }))

beforeAll(async () => {
  shop = await openContainerShop({ clock })
  cloudformation = shop.client(CloudFormationClient)
  elb = callerOf(shop, () => clock.now())
  await shop.client(CloudWatchClient).send(
    new PutMetricAlarmCommand({
      AlarmName: 'shop-errors',
      Namespace: 'Shop',
      MetricName: 'Errors',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
    }),
  )
  await alarm('OK')
  await cloudformation.send(new CreateStackCommand(input({ Image: `${IMAGE}:v1` })))
  expect(await settled()).toBe('CREATE_COMPLETE')
  const { Outputs } = await stack()
  outputs = Object.fromEntries(Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  address = await addressOf(elb, outputs.Listener!)
}, 60_000)

describe('a release that cannot run', () => {
  it.each([
    ['a bad image', { Image: `${IMAGE}:missing` }, /failed to start: CannotPullContainerError: .*not found/],
    [
      'a container that crashes',
      { Image: `${IMAGE}:v2`, Exit: '1' },
      /failed to start: Essential container in task exited/,
    ],
  ])(
    '%s: the circuit breaker takes it back, and nobody was sent there',
    async (_what, parameters, why) => {
      await update(parameters)
      expect(await settled()).toBe('UPDATE_ROLLBACK_COMPLETE')
      expect(await reason()).toContain('ECS Deployment Circuit Breaker was triggered')
      const { events, runningCount } = await service()
      expect(events!.map(({ message }) => message)).toContainEqual(expect.stringMatching(why))
      expect(runningCount).toBe(2)
      expect(await versions()).toEqual({ v1: 40 })
    },
    60_000,
  )
})

describe('a release that runs', () => {
  it('is taken back on its way when an alarm sounds', async () => {
    await update({ Image: `${IMAGE}:v2` })
    await until(async () => (await share()) === 30)
    const shared = await versions(100)
    expect(shared.v1).toBeGreaterThan(shared.v2!)
    expect(shared.v2).toBeGreaterThan(0)
    await alarm('ALARM')
    expect(await settled()).toBe('UPDATE_ROLLBACK_COMPLETE')
    expect(await reason()).toContain('an alarm was triggered')
    await until(async () => (await service()).deployments?.[0]?.rolloutState === 'COMPLETED')
    expect(await versions()).toEqual({ v1: 40 })
    await alarm('OK')
  }, 60_000)

  it('comes to all in ten steps, one a minute', async () => {
    await update({ Image: `${IMAGE}:v2` })
    const seen = [0]
    await until(async () => {
      const now = await share()
      if (now !== seen.at(-1)) seen.push(now)
      return now === 100
    })
    expect(seen).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100])
    expect(await settled()).toBe('UPDATE_COMPLETE')
    expect(await versions()).toEqual({ v2: 40 })
    expect((await service()).runningCount).toBe(2)
  }, 60_000)
})
