/** Services: rolling deployments, their bounds, the circuit breaker, and what is told of them. */
import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import type { CloudEvent } from '../../../src/cloud/kernel/event-bus.ts'
import { type ContainerShop, IMAGE, NETWORK, openContainerShop, PULL } from './container-shop.ts'

let shop: ContainerShop
const told: CloudEvent[] = []

beforeAll(async () => {
  shop = await openContainerShop()
  shop.cloud.bus.listen((event) => void told.push(event))
})

const update = (...[service, more]: Parameters<ContainerShop['update']>) => shop.update(service, more)
const messages = async (name: string) =>
  (await shop.describe(name)).events!.map(({ message }) => message).reverse()

describe('a service', () => {
  it('starts its tasks, reaches a steady state, and says that they are simulated', async () => {
    const taskDefinition = await shop.register(`${IMAGE}:v1`)
    const { service } = await shop.create('web', { taskDefinition })
    expect(service).toMatchObject({ status: 'ACTIVE', runningCount: 0, pendingCount: 2 })
    expect(service!.deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', taskDefinition },
    ])
    expect((await shop.tasks('web')).map(({ lastStatus }) => lastStatus)).toEqual([
      'PROVISIONING',
      'PROVISIONING',
    ])
    await shop.pass()
    const steady = await shop.describe('web')
    expect(steady).toMatchObject({ runningCount: 2, pendingCount: 0 })
    const [deployment] = steady.deployments!
    expect(deployment).toMatchObject({
      rolloutState: 'COMPLETED',
      rolloutStateReason: `ECS deployment ${deployment!.id} completed.`,
    })
    expect(await messages('web')).toEqual([
      expect.stringMatching(/^\(service web\) has started 2 tasks: \(task \w{32}\) \(task \w{32}\)\.$/),
      expect.stringContaining('simulated by the embedded cloud'),
      `(service web) (deployment ${deployment!.id}) deployment completed.`,
      '(service web) has reached a steady state.',
    ])
    const [task] = await shop.tasks('web')
    expect(task!.containers![0]!.imageDigest).toMatch(/^sha256:/)
  })

  it('is made once for each client token, and once at all', async () => {
    const make = (clientToken: string) =>
      shop.create('single', { taskDefinition: 'web', desiredCount: 0, clientToken })
    const { service } = await make('one')
    expect((await make('one')).service).toMatchObject({ serviceArn: service!.serviceArn })
    await expect(make('other')).rejects.toThrow('Creation of service was not idempotent.')
  })

  it('tells EventBridge of deployments, tasks and the steady state', () => {
    expect(told.map(({ detailType, detail }) => [detailType, detail.eventName ?? detail.lastStatus])).toEqual(
      expect.arrayContaining([
        ['ECS Deployment State Change', 'SERVICE_DEPLOYMENT_IN_PROGRESS'],
        ['ECS Deployment State Change', 'SERVICE_DEPLOYMENT_COMPLETED'],
        ['ECS Service Action', 'SERVICE_STEADY_STATE'],
        ...['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'].map((one) => ['ECS Task State Change', one]),
      ]),
    )
  })

  it('replaces tasks that were stopped', async () => {
    const [task] = await shop.tasks('web')
    await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: task!.taskArn, reason: 'old age' }))
    await shop.pass()
    expect(await shop.tasks('web')).toHaveLength(2)
    const [stopped] = await shop.tasks('web', 'STOPPED')
    expect(stopped).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'old age',
    })
  })

  it('rolls to another revision without ever having fewer tasks than it must', async () => {
    const taskDefinition = await shop.register(`${IMAGE}:v2`)
    const { service } = await update('web', { taskDefinition })
    expect(service!.deployments).toMatchObject([
      { status: 'PRIMARY', taskDefinition, pendingCount: 2 },
      { status: 'ACTIVE', runningCount: 2 },
    ])
    const seen: number[] = []
    for (let second = 0; second < 5; second++) {
      await shop.pass(0.3)
      seen.push((await shop.describe('web')).runningCount!)
    }
    expect(Math.min(...seen)).toBe(2)
    expect((await shop.describe('web')).deployments).toMatchObject([
      { taskDefinition, rolloutState: 'COMPLETED' },
    ])
    const images = (await shop.tasks('web')).map(({ containers }) => containers![0]!.image)
    expect(images).toEqual([`${IMAGE}:v2`, `${IMAGE}:v2`])
  })

  it('is stuck, and says so, where its percentages leave no room', async () => {
    const taskDefinition = await shop.register(`${IMAGE}:v1`)
    const deploymentConfiguration = { minimumHealthyPercent: 75, maximumPercent: 100 }
    await shop.create('stuck', { taskDefinition, deploymentConfiguration })
    await shop.pass()
    await update('stuck', { taskDefinition: await shop.register(`${IMAGE}:v2`) })
    await shop.pass()
    expect((await messages('stuck')).at(-1)).toBe(
      '(service stuck) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.',
    )
    await update('stuck', { deploymentConfiguration: { minimumHealthyPercent: 50 } })
    await shop.pass()
    expect((await messages('stuck')).at(-1)).toBe('(service stuck) has reached a steady state.')
  })

  it('is drained and INACTIVE when it is deleted', async () => {
    const remove = (force?: boolean) =>
      shop.ecs.send(new DeleteServiceCommand({ cluster: 'main', service: 'stuck', force }))
    await expect(remove()).rejects.toThrow('The service cannot be stopped while it is scaled above 0.')
    expect((await remove(true)).service).toMatchObject({ status: 'DRAINING' })
    await shop.pass()
    expect(await shop.describe('stuck')).toMatchObject({ status: 'INACTIVE', runningCount: 0 })
    await expect(update('stuck', { desiredCount: 1 })).rejects.toMatchObject({
      name: 'ServiceNotActiveException',
    })
    const { failures } = await shop.ecs.send(
      new DescribeServicesCommand({ cluster: 'main', services: ['none'] }),
    )
    expect(failures).toMatchObject([
      { reason: 'MISSING', arn: expect.stringMatching(/:service\/main\/none$/) },
    ])
  })
})

const iam = () => shop.client(IAMClient)

/** Takes from tasks what they pull images with, and gives it back. */
const forbid = () => iam().send(new DeleteRolePolicyCommand({ RoleName: 'execution', PolicyName: 'p' }))
const allow = () => {
  const Statement = [{ Effect: 'Allow', Action: PULL, Resource: '*' }]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  return iam().send(new PutRolePolicyCommand({ RoleName: 'execution', PolicyName: 'p', PolicyDocument }))
}

describe('the circuit breaker', () => {
  const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } }

  it('goes back to the last completed deployment when tasks fail to start', async () => {
    const good = await shop.register(`${IMAGE}:v1`)
    await shop.create('careful', { taskDefinition: good, deploymentConfiguration })
    await shop.pass()
    const before = (await shop.describe('careful')).deployments![0]!.id
    const bad = await shop.register(`${IMAGE}:missing`)
    const failures: string[] = []
    const end = shop.cloud.failures.listen(({ what, message }) => failures.push(`${what}: ${message}`))
    await update('careful', { taskDefinition: bad })
    await shop.pass(10)
    end()
    expect(failures[0]).toMatch(
      /^a task of the service careful of 111111111111 in us-east-1: CannotPullContainerError: /,
    )
    const after = await shop.describe('careful')
    expect(after).toMatchObject({ taskDefinition: good, runningCount: 2 })
    expect(after.deployments).toMatchObject([{ id: before, rolloutState: 'COMPLETED' }])
    const failed = told.find(({ detail }) => detail.eventName === 'SERVICE_DEPLOYMENT_FAILED')
    expect(failed?.detail).toMatchObject({
      eventType: 'ERROR',
      reason: 'ECS deployment circuit breaker: task failed to start.',
    })
    const [stopped] = await shop.tasks('careful', 'STOPPED')
    expect(stopped).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(
        /^CannotPullContainerError: .*failed to resolve ref .*app:missing: not found$/,
      ),
    })
  })

  it('does not go back to a deployment that is gone back to', async () => {
    const good = await shop.register(`${IMAGE}:v1`)
    const bad = await shop.register(`${IMAGE}:missing`)
    await shop.create('twice', { taskDefinition: good, deploymentConfiguration })
    await shop.pass(2)
    await shop.update('twice', { taskDefinition: bad })
    await shop.pass(0.2)
    const [ongoing] = await shop.history('twice')
    await shop.ecs.send(
      new StopServiceDeploymentCommand({ serviceDeploymentArn: ongoing!.serviceDeploymentArn }),
    )
    // Before the rollback is over.
    await shop.update('twice', { taskDefinition: bad })
    await shop.pass(10)
    expect(await shop.history('twice')).toMatchObject([
      { status: 'ROLLBACK_FAILED' },
      { status: 'STOPPED' },
      { status: 'SUCCESSFUL' },
    ])
  })

  it('ignores tasks that fail to start while others of the deployment run', async () => {
    const taskDefinition = await shop.register(`${IMAGE}:v1`)
    await shop.create('partly', {
      taskDefinition,
      desiredCount: 1,
      deploymentConfiguration: { ...deploymentConfiguration, bakeTimeInMinutes: 1 },
    })
    await shop.pass(2)
    await forbid()
    await shop.update('partly', { desiredCount: 4 })
    await shop.pass(15)
    expect(await shop.describe('partly')).toMatchObject({
      runningCount: 1,
      deployments: [{ rolloutState: 'IN_PROGRESS', failedTasks: expect.any(Number) }],
    })
    expect((await shop.describe('partly')).deployments![0]!.failedTasks).toBeGreaterThan(3)
    await allow()
  })

  it.each([
    [{ resetOnHealthyTask: false }, 'FAILED'],
    [{}, 'IN_PROGRESS'],
  ])('%o: counts on after a task was healthy, or starts anew: %s', async (more, rolloutState) => {
    const name = `counting-${rolloutState.toLowerCase()}`
    await shop.create(name, {
      taskDefinition: await shop.register(`${IMAGE}:v1`),
      desiredCount: 1,
      deploymentConfiguration: {
        bakeTimeInMinutes: 60,
        deploymentCircuitBreaker: {
          enable: true,
          rollback: false,
          thresholdConfiguration: { type: 'COUNT', value: 3 },
          ...more,
        },
      },
    })
    await shop.pass(2)
    for (let round = 0; round < 2; round++) {
      await forbid()
      const [task] = await shop.tasks(name)
      await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: task!.taskArn }))
      // Two attempts fail, a second and two seconds after each other.
      await shop.pass(3)
      await allow()
      await shop.pass(5)
    }
    const { deployments, runningCount } = await shop.describe(name)
    expect(deployments).toMatchObject([{ rolloutState }])
    expect(runningCount).toBe(rolloutState === 'FAILED' ? 0 : 1)
  })

  it.each([
    ['COUNT', 0],
    ['BOUNDED_PERCENT', 101],
  ] as const)('has no threshold %s of %i', async (type, value) => {
    const deploymentCircuitBreaker = { enable: true, rollback: true, thresholdConfiguration: { type, value } }
    const made = shop.create('wrong', {
      taskDefinition: 'web',
      deploymentConfiguration: { deploymentCircuitBreaker },
    })
    await expect(made).rejects.toThrow(`The value ${value} is not valid for a threshold of the type ${type}.`)
  })

  it('stalls where no deployment was completed', async () => {
    const taskDefinition = await shop.register(`${IMAGE}:missing`)
    await shop.create('first', { taskDefinition, deploymentConfiguration })
    await shop.pass(10)
    const stalled = await shop.describe('first')
    expect(stalled).toMatchObject({ runningCount: 0, pendingCount: 0 })
    expect(stalled.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'FAILED', failedTasks: 4 }])
  })

  it('is needed: without it tasks are tried again and again, more and more slowly', async () => {
    await shop.create('stubborn', {
      taskDefinition: await shop.register(`${IMAGE}:missing`),
      desiredCount: 1,
    })
    await shop.pass(10)
    const { deployments } = await shop.describe('stubborn')
    expect(deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS' }])
    expect(await messages('stubborn')).toContain(
      '(service stubborn) is unable to consistently start tasks successfully.',
    )
  })
})

describe('what cannot be had', () => {
  it.each<[string, object, string]>([
    ['EC2', { launchType: 'EC2' }, 'no container instances'],
    ['no launch type', { launchType: undefined }, 'no container instances'],
    ['service registries', { serviceRegistries: [{ registryArn: 'arn:x' }] }, '"serviceRegistries"'],
    ['CodeDeploy without targets', { deploymentController: { type: 'CODE_DEPLOY' } }, 'one load balancer'],
    ['DAEMON', { schedulingStrategy: 'DAEMON' }, 'DAEMON'],
  ])('%s is refused by name', async (_what, more, words) => {
    const command = new CreateServiceCommand({
      cluster: 'main',
      serviceName: 'other',
      taskDefinition: 'web',
      desiredCount: 1,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      ...more,
    })
    await expect(shop.ecs.send(command)).rejects.toThrow(words)
  })
})
