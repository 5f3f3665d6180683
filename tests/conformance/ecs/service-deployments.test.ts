/** Service deployments and revisions: the history of a service, stopping and rolling back, alarms. */
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentStatus,
  StopServiceDeploymentCommand,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { type ContainerShop, IMAGE, openContainerShop } from './container-shop.ts'

let shop: ContainerShop
let good: string
let bad: string

beforeAll(async () => {
  shop = await openContainerShop()
  good = await shop.register(`${IMAGE}:v1`)
  bad = await shop.register(`${IMAGE}:missing`)
})

const update = (...[service, more]: Parameters<ContainerShop['update']>) => shop.update(service, more)
const list = async (service: string, status?: ServiceDeploymentStatus[]) => {
  const command = new ListServiceDeploymentsCommand({ cluster: 'main', service, status })
  return (await shop.ecs.send(command)).serviceDeployments!
}
/** The newest one of a service. */
async function newest(service: string) {
  const serviceDeploymentArns = [(await list(service))[0]!.serviceDeploymentArn!]
  const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })
  return (await shop.ecs.send(command)).serviceDeployments![0]!
}
const stop = (serviceDeploymentArn: string) =>
  shop.ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }))
const last = async (name: string) => (await shop.describe(name)).events!.map(({ message }) => message)

describe('a service deployment', () => {
  it('is made with the service, and succeeds with its steady state', async () => {
    const { service } = await shop.create('web', { taskDefinition: good })
    const [deployment] = service!.deployments!
    const revision = `arn:aws:ecs:us-east-1:${HUB}:service-revision/main/web/${deployment!.id!.slice(8)}`
    expect(service).toMatchObject({
      currentServiceDeployment: expect.stringMatching(/:service-deployment\/main\/web\/[\w-]{21}$/),
      currentServiceRevisions: [{ arn: revision, requestedTaskCount: 2, pendingTaskCount: 2 }],
    })
    expect(await newest('web')).toMatchObject({
      serviceDeploymentArn: service!.currentServiceDeployment,
      status: 'IN_PROGRESS',
      targetServiceRevision: { arn: revision, requestedTaskCount: 2, runningTaskCount: 0 },
      sourceServiceRevisions: [],
      deploymentCircuitBreaker: { status: 'DISABLED', failureCount: 0, threshold: 3 },
      alarms: { status: 'DISABLED' },
    })
    await shop.pass(2)
    const ended = await newest('web')
    expect(ended).toMatchObject({
      status: 'SUCCESSFUL',
      finishedAt: expect.any(Date),
      targetServiceRevision: { arn: revision, runningTaskCount: 2 },
    })
    expect(ended).not.toHaveProperty('stoppedAt')
    expect(await shop.describe('web')).not.toHaveProperty('currentServiceDeployment')
  })

  it('has a revision, which tells what was deployed, down to the digest', async () => {
    const { arn } = (await newest('web')).targetServiceRevision!
    const { serviceRevisions, failures } = await shop.ecs.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn!, `${arn}0`] }),
    )
    expect(serviceRevisions).toMatchObject([
      {
        serviceRevisionArn: arn,
        taskDefinition: good,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
        containerImages: [
          { containerName: 'web', image: `${IMAGE}:v1`, imageDigest: expect.stringMatching(/^sha256:/) },
        ],
      },
    ])
    expect(failures).toEqual([{ arn: `${arn}0`, reason: 'MISSING' }])
  })

  it('is stopped by the next one', async () => {
    await update('web', { forceNewDeployment: true })
    await shop.pass(0.2)
    await update('web', { forceNewDeployment: true })
    const [begun, stopped] = await list('web')
    expect(begun).toMatchObject({ status: 'IN_PROGRESS' })
    expect(stopped).toMatchObject({ status: 'STOPPED', finishedAt: expect.any(Date) })
    await shop.pass(3)
    expect((await list('web')).map(({ status }) => status)).toEqual(['SUCCESSFUL', 'STOPPED', 'SUCCESSFUL'])
    expect(await list('web', ['STOPPED'])).toHaveLength(1)
  })

  it('is rolled back by whoever stops it, to the deployment before', async () => {
    const source = (await shop.describe('web')).currentServiceRevisions![0]!.arn
    await update('web', { taskDefinition: bad })
    await shop.pass(0.1)
    const { serviceDeploymentArn } = await newest('web')
    await stop(serviceDeploymentArn!)
    expect(await newest('web')).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      sourceServiceRevisions: [{ arn: source, requestedTaskCount: 2, runningTaskCount: 2 }],
      targetServiceRevision: { requestedTaskCount: 0 },
      rollback: { serviceRevisionArn: source, startedAt: expect.any(Date) },
    })
    await shop.pass(2)
    expect(await newest('web')).toMatchObject({ status: 'ROLLBACK_SUCCESSFUL' })
    expect(await shop.describe('web')).toMatchObject({ taskDefinition: good, runningCount: 2 })
    await expect(stop(serviceDeploymentArn!)).rejects.toMatchObject({ name: 'ConflictException' })
    await expect(stop(`${serviceDeploymentArn}0`)).rejects.toMatchObject({
      name: 'ServiceDeploymentNotFoundException',
    })
  })
})

describe('criteria of early success', () => {
  const criteria = (sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED', healthyPercent = 50) => ({
    deploymentConfiguration: {
      minimumHealthyPercent: 50,
      maximumPercent: 150,
      earlySuccessCriteria: { enable: true, healthyPercent, sourceServiceRevisionCleanup },
    },
  })

  it.each(['DEFERRED', 'BLOCKING'] as const)(
    '%s: a part of the tasks is enough; the rest comes afterwards',
    async (cleanup) => {
      const name = `early-${cleanup.toLowerCase()}`
      await shop.create(name, { taskDefinition: good, desiredCount: 4, ...criteria(cleanup) })
      await shop.pass(2)
      await shop.update(name, { taskDefinition: await shop.register(`${IMAGE}:v2`) })
      for (let tenth = 0; tenth < 40 && (await list(name))[0]!.status !== 'SUCCESSFUL'; tenth++)
        await shop.pass(0.1)
      const { targetServiceRevision: target } = await newest(name)
      expect(target!.runningTaskCount).toBeGreaterThanOrEqual(2)
      const left = (await shop.tasks(name, 'STOPPED')).filter(({ lastStatus }) => lastStatus !== 'STOPPED')
      expect(left.length > 0).toBe(cleanup === 'DEFERRED')
      await shop.pass(5)
      const tasks = await shop.tasks(name)
      expect(tasks).toHaveLength(4)
      expect(new Set(tasks.map(({ startedBy }) => startedBy)).size).toBe(1)
      expect((await last(name))[0]).toBe(`(service ${name}) has reached a steady state.`)
    },
  )

  it.each([
    [
      'must be greater than or equal to minimumHealthyPercent',
      criteria('DEFERRED', 40).deploymentConfiguration,
    ],
    ['takes healthyPercent and', { earlySuccessCriteria: { enable: true } }],
    [
      'only be used with the ROLLING deployment strategy',
      { ...criteria('DEFERRED').deploymentConfiguration, strategy: 'CANARY' as const },
    ],
  ])('%s', async (words, deploymentConfiguration) => {
    const made = shop.create('wrong', { taskDefinition: good, deploymentConfiguration })
    await expect(made).rejects.toThrow(words)
  })
})

describe('the circuit breaker', () => {
  const breaker = (rollback: boolean) => ({
    deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback } },
  })

  it('is told by the service deployment that it rolls back', async () => {
    await shop.create('breaking', { taskDefinition: good, ...breaker(true) })
    await shop.pass(2)
    await update('breaking', { taskDefinition: bad })
    await shop.pass(10)
    const reason = 'Service deployment rolled back because the circuit breaker threshold was exceeded.'
    expect(await newest('breaking')).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason: reason,
      deploymentCircuitBreaker: { status: 'TRIGGERED', threshold: 3 },
      rollback: { reason },
    })
  })

  it('has nothing to roll the first deployment back to', async () => {
    await shop.create('first', { taskDefinition: bad, ...breaker(true) })
    await shop.pass(10)
    expect(await newest('first')).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    })
  })

  it('stops what it is not to roll back', async () => {
    await shop.create('stopping', { taskDefinition: bad, ...breaker(false) })
    await shop.pass(10)
    expect(await newest('stopping')).toMatchObject({ status: 'STOPPED', stoppedAt: expect.any(Date) })
  })
})

describe('a deployment alarm', () => {
  const alarms = { alarmNames: ['errors'], enable: true, rollback: true }
  const sound = (StateValue: 'ALARM' | 'OK') =>
    shop
      .client(CloudWatchClient)
      .send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue, StateReason: 'test' }))

  it('is waited for after the last old task went, and rolls back when it sounds', async () => {
    await shop.client(CloudWatchClient).send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
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
    await sound('OK')
    await shop.create('alarmed', {
      taskDefinition: good,
      deploymentConfiguration: { alarms, bakeTimeInMinutes: 1 },
    })
    await shop.pass(5)
    expect(await newest('alarmed')).toMatchObject({ status: 'IN_PROGRESS', alarms: { status: 'MONITORING' } })
    await shop.pass(60)
    expect(await newest('alarmed')).toMatchObject({
      status: 'SUCCESSFUL',
      alarms: { status: 'MONITORING_COMPLETE', alarmNames: ['errors'] },
    })
    await update('alarmed', { taskDefinition: await shop.register(`${IMAGE}:v2`) })
    await shop.pass(5)
    await sound('ALARM')
    await shop.pass(10)
    expect(await newest('alarmed')).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['errors'] },
    })
    expect(await shop.describe('alarmed')).toMatchObject({ taskDefinition: good })
    expect(await last('alarmed')).toContainEqual(
      expect.stringMatching(
        /^\(service alarmed\) \(deployment ecs-svc\/\d+\) deployment failed: alarm detected\.$/,
      ),
    )
  })

  it('is not looked at where it sounds already when the deployment begins', async () => {
    await update('alarmed', { taskDefinition: await shop.register(`${IMAGE}:v2`) })
    await shop.pass(70)
    expect(await newest('alarmed')).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'DISABLED' } })
  })
})
