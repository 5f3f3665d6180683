/** Task sets: services of deployment controllers other than ECS's own. */
import {
  CreateServiceCommand,
  CreateTaskSetCommand,
  type CreateTaskSetCommandInput,
  DeleteServiceCommand,
  DeleteTaskSetCommand,
  DescribeTaskSetsCommand,
  ECSClient,
  ListTagsForResourceCommand,
  StopTaskCommand,
  UpdateServiceCommand,
  UpdateServicePrimaryTaskSetCommand,
  UpdateTaskSetCommand,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { userWith } from '../ecr/callers.ts'
import { type BalancedShop, openBalancedShop } from './balanced-shop.ts'
import { IMAGE, NETWORK } from './container-shop.ts'

let shop: BalancedShop
let one: string
let two: string

beforeAll(async () => {
  shop = await openBalancedShop()
  one = await shop.listening('v1')
  two = await shop.listening('v2')
})

const at = { cluster: 'main' }
const external = (serviceName: string, desiredCount?: number) =>
  shop.ecs.send(
    new CreateServiceCommand({
      ...at,
      serviceName,
      desiredCount,
      deploymentController: { type: 'EXTERNAL' },
    }),
  )
const createSet = async (service: string, more: Partial<CreateTaskSetCommandInput>, client = shop.ecs) => {
  const { taskSet } = await client.send(
    new CreateTaskSetCommand({
      ...at,
      service,
      taskDefinition: one,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      ...more,
    }),
  )
  return taskSet!
}
const sets = async (service: string, ...taskSets: string[]) =>
  shop.ecs.send(new DescribeTaskSetsCommand({ ...at, service, taskSets, include: ['TAGS'] }))
const messages = async (name: string) =>
  (await shop.describe(name)).events!.map(({ message }) => message).reverse()

describe('a service with the EXTERNAL controller', () => {
  it('has nothing of tasks before its first task set, and no deployments', async () => {
    const { service } = await external('outer', 3)
    expect(service).toMatchObject({
      status: 'ACTIVE',
      desiredCount: 3,
      deploymentController: { type: 'EXTERNAL' },
      deployments: [],
      taskSets: [],
    })
    expect(service).not.toHaveProperty('taskDefinition')
    expect(service).not.toHaveProperty('launchType')
  })

  it('runs its share of the tasks in a task set, rounded up, and says when it is steady', async () => {
    const made = await createSet('outer', {
      scale: { value: 50, unit: 'PERCENT' },
      externalId: 'release-1',
      tags: [{ key: 'color', value: 'blue' }],
    })
    expect(made).toMatchObject({
      id: expect.stringMatching(/^ecs-svc\/\d{19}$/),
      taskSetArn: `arn:aws:ecs:us-east-1:${HUB}:task-set/main/outer/${made.id}`,
      status: 'ACTIVE',
      externalId: 'release-1',
      computedDesiredCount: 2,
      pendingCount: 2,
      runningCount: 0,
      stabilityStatus: 'STABILIZING',
      launchType: 'FARGATE',
      scale: { value: 50, unit: 'PERCENT' },
    })
    expect(made).not.toHaveProperty('startedBy')
    await shop.pass(2)
    const { taskSets, failures } = await sets('outer', made.id!, 'ecs-svc/1')
    expect(taskSets).toMatchObject([
      { runningCount: 2, stabilityStatus: 'STEADY_STATE', tags: [{ key: 'color', value: 'blue' }] },
    ])
    expect(failures).toMatchObject([{ reason: 'MISSING', arn: expect.stringMatching(/outer\/ecs-svc\/1$/) }])
    const { tags } = await shop.ecs.send(new ListTagsForResourceCommand({ resourceArn: made.taskSetArn! }))
    expect(tags).toEqual([{ key: 'color', value: 'blue' }])
    const tasks = await shop.tasks('outer')
    expect(tasks.map(({ startedBy }) => startedBy)).toEqual([made.id, made.id])
    expect(await messages('outer')).toEqual([
      `(service outer) updated computedDesiredCount for taskSet ${made.id} to 2.`,
      expect.stringMatching(/^\(service outer\) has started 2 tasks: \(task \w{32}\) \(task \w{32}\)\.$/),
      expect.stringContaining('simulated by the embedded cloud'),
      `(service outer, taskSet ${made.id}) updated state to STEADY_STATE.`,
      '(service outer) has reached a steady state.',
    ])
  })

  it('follows the scale of a task set and the number of its service', async () => {
    const [set] = (await sets('outer')).taskSets!
    const scaled = await shop.ecs.send(
      new UpdateTaskSetCommand({
        ...at,
        service: 'outer',
        taskSet: set!.taskSetArn,
        scale: { value: 100, unit: 'PERCENT' },
      }),
    )
    expect(scaled.taskSet).toMatchObject({ computedDesiredCount: 3, stabilityStatus: 'STABILIZING' })
    await shop.pass(2)
    expect((await sets('outer')).taskSets).toMatchObject([
      { runningCount: 3, stabilityStatus: 'STEADY_STATE' },
    ])
    await shop.ecs.send(new UpdateServiceCommand({ ...at, service: 'outer', desiredCount: 1 }))
    await shop.pass(2)
    expect((await sets('outer')).taskSets).toMatchObject([
      { runningCount: 1, computedDesiredCount: 1, stabilityStatus: 'STEADY_STATE' },
    ])
  })

  it('tells what its primary task set has, and replaces a task that was stopped', async () => {
    const [set] = (await sets('outer')).taskSets!
    const { taskSet } = await shop.ecs.send(
      new UpdateServicePrimaryTaskSetCommand({ ...at, service: 'outer', primaryTaskSet: set!.id }),
    )
    expect(taskSet).toMatchObject({ status: 'PRIMARY' })
    expect(await shop.describe('outer')).toMatchObject({
      taskDefinition: one,
      launchType: 'FARGATE',
      taskSets: [{ id: set!.id, status: 'PRIMARY' }],
    })
    const [task] = await shop.tasks('outer')
    await shop.ecs.send(new StopTaskCommand({ ...at, task: task!.taskArn }))
    await shop.pass(2)
    const [other] = await shop.tasks('outer')
    expect(other).toMatchObject({ lastStatus: 'RUNNING', startedBy: set!.id })
    expect(other!.taskArn).not.toBe(task!.taskArn)
  })

  it('moves to another task set and lets the old one go', async () => {
    const [blue] = (await sets('outer')).taskSets!
    const green = await createSet('outer', { taskDefinition: two, clientToken: 'once' })
    expect((await createSet('outer', { taskDefinition: two, clientToken: 'once' })).id).toBe(green.id)
    await shop.pass(2)
    await shop.ecs.send(
      new UpdateServicePrimaryTaskSetCommand({ ...at, service: 'outer', primaryTaskSet: green.id }),
    )
    const remove = (force?: boolean) =>
      shop.ecs.send(new DeleteTaskSetCommand({ ...at, service: 'outer', taskSet: blue!.id, force }))
    await expect(remove()).rejects.toMatchObject({ name: 'InvalidParameterException' })
    expect((await remove(true)).taskSet).toMatchObject({ id: blue!.id, status: 'DRAINING' })
    await shop.pass(2)
    expect(await shop.describe('outer')).toMatchObject({
      taskDefinition: two,
      runningCount: 1,
      taskSets: [{ id: green.id, status: 'PRIMARY', stabilityStatus: 'STEADY_STATE' }],
    })
    await expect(remove(true)).rejects.toMatchObject({ name: 'TaskSetNotFoundException' })
  })

  it('tries tasks again that fail to start, and says so', async () => {
    const set = await createSet('outer', { taskDefinition: await shop.register(`${IMAGE}:missing`) })
    await shop.pass(12)
    expect(await messages('outer')).toContain(
      '(service outer) is unable to consistently start tasks successfully.',
    )
    const found = (await sets('outer', set.id!)).taskSets
    expect(found).toMatchObject([{ stabilityStatus: 'STABILIZING', runningCount: 0 }])
  })

  it('ends with its task sets', async () => {
    await shop.ecs.send(new DeleteServiceCommand({ ...at, service: 'outer', force: true }))
    await shop.pass(2)
    expect(await shop.describe('outer')).toMatchObject({ status: 'INACTIVE', taskSets: [], runningCount: 0 })
  })

  it('has each task set behind a target group of its own', async () => {
    await external('fronted', 1)
    const set = await createSet('fronted', shop.behind(shop.green))
    expect(set).toMatchObject(shop.behind(shop.green))
    await shop.pass(3)
    expect(await shop.states(shop.green)).toEqual(['healthy'])
    expect((await sets('fronted')).taskSets).toMatchObject([{ stabilityStatus: 'STEADY_STATE' }])
    await shop.ecs.send(new DeleteTaskSetCommand({ ...at, service: 'fronted', taskSet: set.id, force: true }))
    await shop.pass(5)
    expect(await shop.states(shop.green)).toEqual([])
    expect(await shop.describe('fronted')).toMatchObject({ taskSets: [], runningCount: 0 })
  })

  it('replaces tasks of a task set whose targets are unhealthy', async () => {
    const taskDefinition = await shop.listening('v1', { CROSSDOCK_SIMULATED_STATUS: '500' })
    await createSet('fronted', { ...shop.behind(shop.green), taskDefinition })
    await shop.pass(10)
    const [stopped] = await shop.tasks('fronted', 'STOPPED')
    expect(stopped!.stoppedReason).toMatch(/ELB health checks|Scaling activity/)
    expect((await sets('fronted')).taskSets).toMatchObject([{ stabilityStatus: 'STABILIZING' }])
    await shop.ecs.send(new DeleteServiceCommand({ ...at, service: 'fronted', force: true }))
  })

  it('has five task sets at most', async () => {
    await external('many')
    for (let count = 0; count < 5; count++) await createSet('many', {})
    await expect(createSet('many', {})).rejects.toMatchObject({ name: 'LimitExceededException' })
  })
})

describe('a service with the CODE_DEPLOY controller', () => {
  it('begins with a primary task set, steady when its targets are healthy', async () => {
    const { loadBalancers } = shop.behind(shop.blue)
    const { service } = await shop.create('shifted', {
      taskDefinition: one,
      loadBalancers,
      deploymentController: { type: 'CODE_DEPLOY' },
    })
    expect(service).toMatchObject({
      deployments: [],
      loadBalancers,
      taskDefinition: one,
      taskSets: [{ status: 'PRIMARY', scale: { value: 100 }, taskDefinition: one, loadBalancers }],
    })
    await shop.pass(3)
    expect(await shop.states(shop.blue)).toEqual(['healthy', 'healthy'])
    expect(await shop.describe('shifted')).toMatchObject({ taskSets: [{ stabilityStatus: 'STEADY_STATE' }] })
  })

  const controller =
    'on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.'
  it.each<[string, () => object]>([
    [`Unable to update task definition ${controller}`, () => ({ taskDefinition: two })],
    [
      `Unable to update network parameters ${controller}`,
      () => ({ networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2'] } } }),
    ],
    [`Unable to update load balancers ${controller}`, () => ({ loadBalancers: [] })],
    [`Cannot force a new deployment ${controller}`, () => ({ forceNewDeployment: true })],
  ])('refuses: %s', async (message, more) => {
    const update = shop.ecs.send(new UpdateServiceCommand({ ...at, service: 'shifted', ...more() }))
    await expect(update).rejects.toMatchObject({ name: 'InvalidParameterException', message })
  })

  it('takes what stays the same, and other numbers', async () => {
    const { service } = await shop.ecs.send(
      new UpdateServiceCommand({ ...at, service: 'shifted', taskDefinition: one, desiredCount: 3 }),
    )
    expect(service).toMatchObject({ desiredCount: 3, taskSets: [{ computedDesiredCount: 3 }] })
  })

  it('leaves its task sets to CodeDeploy', async () => {
    await expect(createSet('shifted', {})).rejects.toThrow(
      'Amazon ECS only supports task set management on services configured to use external deployment controllers.',
    )
  })
})

const passing = (Resource: string) => ({
  Effect: 'Allow',
  Action: 'iam:PassRole',
  Resource,
  Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
})

/** Somebody who may make task sets of one service. */
async function setter(name: string, ...more: object[]): Promise<ECSClient> {
  const Resource = `arn:aws:ecs:us-east-1:${HUB}:task-set/main/outer/*`
  const credentials = await userWith(
    shop,
    HUB,
    name,
    { Effect: 'Allow', Action: 'ecs:CreateTaskSet', Resource },
    ...more,
  )
  return shop.client(ECSClient, { credentials })
}

describe('what is refused', () => {
  it('task sets of a service that ECS deploys', async () => {
    await shop.create('own', { taskDefinition: one, desiredCount: 0 })
    await expect(sets('own')).rejects.toThrow('Amazon ECS only supports task set management')
  })

  it('what a task set has, when the service is made', async () => {
    const made = shop.create('wrong', { taskDefinition: one, deploymentController: { type: 'EXTERNAL' } })
    await expect(made).rejects.toThrow('taskDefinition can not be specified for a service with the EXTERNAL')
  })

  it('a scale beyond 100 percent', async () => {
    await expect(createSet('many', { scale: { value: 101, unit: 'PERCENT' } })).rejects.toThrow(
      'between 0 and 100',
    )
  })

  it('task sets of other services than those that are allowed', async () => {
    const client = await setter('setter', passing(shop.executionRole))
    await expect(createSet('outer', {}, client)).rejects.toMatchObject({ name: 'ServiceNotActiveException' })
    await expect(createSet('many', {}, client)).rejects.toThrow('ecs:CreateTaskSet')
  })

  it('tasks with roles that may not be handed over to them', async () => {
    const client = await setter('unpassing', passing(`arn:aws:iam::${HUB}:role/other`))
    await expect(createSet('outer', {}, client)).rejects.toThrow(
      `iam:PassRole on resource: ${shop.executionRole}`,
    )
  })
})
