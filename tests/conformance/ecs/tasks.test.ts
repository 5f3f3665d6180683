/** Clusters, task definitions and tasks that no service starts: what is asked, refused and told of them. */
import {
  DeleteClusterCommand,
  DeregisterTaskDefinitionCommand,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import type { Allow } from '../codepipeline/workshop.ts'
import { userWith } from '../ecr/callers.ts'
import { type ContainerShop, IMAGE, NETWORK, openContainerShop } from './container-shop.ts'

let shop: ContainerShop
let definition: string

beforeAll(async () => {
  shop = await openContainerShop()
  definition = await shop.register(`${IMAGE}:v1`)
})

/** A client of a user who may do what is listed. */
async function as(name: string, allow: readonly Allow[]): Promise<ECSClient> {
  const statements = allow.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }))
  return shop.client(ECSClient, { credentials: await userWith(shop, HUB, name, ...statements) })
}

const run = (client: ECSClient, taskDefinition: string, more: object = {}) =>
  client.send(
    new RunTaskCommand({
      cluster: 'main',
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
      ...more,
    }),
  )

async function task(arn: string | undefined) {
  const { tasks } = await shop.ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: [arn!] }))
  return tasks![0]!
}

describe('a task', () => {
  it('goes through its states by the clock, and ends when it is stopped', async () => {
    const { tasks } = await run(shop.ecs, 'web', { startedBy: 'test' })
    const arn = tasks![0]!.taskArn
    const seen = [tasks![0]!.lastStatus]
    for (let step = 0; step < 4; step++) {
      await shop.pass(0.1)
      seen.push((await task(arn)).lastStatus)
    }
    expect(seen).toEqual(['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'RUNNING'])
    expect(await task(arn)).toMatchObject({
      group: 'family:web',
      taskDefinitionArn: definition,
      startedAt: expect.any(Date),
    })
    const { taskArns } = await shop.ecs.send(
      new ListTasksCommand({ cluster: 'main', family: 'web', startedBy: 'test' }),
    )
    expect(taskArns).toEqual([arn])
    await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: arn }))
    const ending = [(await task(arn)).lastStatus]
    for (let step = 0; step < 3; step++) {
      await shop.pass(0.1)
      ending.push((await task(arn)).lastStatus)
    }
    expect(ending).toEqual(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'])
    expect(await task(arn)).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
    })
  })

  it('is begun once for each client token', async () => {
    const once = (more: object = {}) => run(shop.ecs, 'web', { clientToken: 'once', count: 2, ...more })
    const arns = async (begun: ReturnType<typeof run>) => (await begun).tasks!.map(({ taskArn }) => taskArn)
    const first = await arns(once())
    expect(first).toHaveLength(2)
    expect(await arns(once())).toEqual(first)
    await expect(once({ count: 1 })).rejects.toMatchObject({ name: 'ConflictException', resourceIds: first })
    for (const one of first) await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: one }))
  })

  it('runs where the strategy says, by base and weight', async () => {
    const { tasks } = await run(shop.ecs, 'web', {
      count: 5,
      launchType: undefined,
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ],
    })
    const providers = tasks!.map(({ capacityProviderName }) => capacityProviderName).sort()
    expect(providers).toEqual(['FARGATE', 'FARGATE', 'FARGATE_SPOT', 'FARGATE_SPOT', 'FARGATE_SPOT'])
    for (const { taskArn } of tasks!)
      await shop.ecs.send(new StopTaskCommand({ cluster: 'main', task: taskArn }))
  })

  it.each<[string, string, readonly Allow[], RegExp]>([
    [
      'ecs.amazonaws.com',
      'mistrusting',
      [],
      /^ECS was unable to assume the role 'arn:aws:iam::\d+:role\/mistrusting' that was provided for this task\./,
    ],
    [
      'ecs-tasks.amazonaws.com',
      'powerless',
      [],
      /^ResourceInitializationError: .*not authorized to perform: ecr:GetAuthorizationToken/,
    ],
    [
      'ecs-tasks.amazonaws.com',
      'without-layers',
      [{ Action: ['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:BatchCheckLayerAvailability'] }],
      /^CannotPullContainerError: .*not authorized to perform: ecr:GetDownloadUrlForLayer/,
    ],
  ])('with an execution role that trusts %s and is %s stops', async (trusted, name, allow, words) => {
    const role = await shop.role(name, trusted, allow)
    const { tasks } = await run(shop.ecs, await shop.register(`${IMAGE}:v1`, role))
    await shop.pass(2)
    expect(await task(tasks![0]!.taskArn)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(words),
    })
  })

  it('takes images under the address of this machine, and those outside ECR as pulled', async () => {
    const local = `${shop.cloud.endpoint.replace('http://', '')}/${HUB}/us-east-1/app`
    for (const [image, status] of [
      [`${local}:v1`, 'RUNNING'],
      [`${local}:none`, 'STOPPED'],
      ['nginx:1', 'RUNNING'],
    ] as const) {
      const { tasks } = await run(shop.ecs, await shop.register(image))
      await shop.pass(2)
      expect([image, (await task(tasks![0]!.taskArn)).lastStatus]).toEqual([image, status])
    }
  })
})

describe('permissions', () => {
  const passing = (service: string): Allow => ({
    Action: 'iam:PassRole',
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  })
  const given = {
    family: 'other',
    containerDefinitions: [{ name: 'web', image: 'nginx', memory: 8 }],
    executionRoleArn: `arn:aws:iam::${HUB}:role/execution`,
  }

  it('to register take that to pass the roles to tasks', async () => {
    const register = {
      Action: 'ecs:RegisterTaskDefinition',
      Resource: `arn:aws:ecs:us-east-1:${HUB}:task-definition/other:*`,
    }
    const wrong = await as('wrong', [register, passing('ecs.amazonaws.com')])
    await expect(wrong.send(new RegisterTaskDefinitionCommand(given))).rejects.toThrow('iam:PassRole')
    const right = await as('right', [register, passing('ecs-tasks.amazonaws.com')])
    expect((await right.send(new RegisterTaskDefinitionCommand(given))).taskDefinition?.revision).toBe(1)
    const command = new RegisterTaskDefinitionCommand({ ...given, family: 'third' })
    await expect(right.send(command)).rejects.toThrow('ecs:RegisterTaskDefinition')
  })

  it('to run are those of the definition, in the cluster', async () => {
    const inCluster = (name: string): Allow => ({
      Action: 'ecs:RunTask',
      Resource: `arn:aws:ecs:us-east-1:${HUB}:task-definition/web:*`,
      Condition: { ArnEquals: { 'ecs:cluster': `arn:aws:ecs:us-east-1:${HUB}:cluster/${name}` } },
    })
    const runner = await as('runner', [inCluster('main'), passing('ecs-tasks.amazonaws.com')])
    expect((await run(runner, definition)).tasks).toHaveLength(1)
    const elsewhere = await as('elsewhere', [inCluster('other'), passing('ecs-tasks.amazonaws.com')])
    await expect(run(elsewhere, definition)).rejects.toThrow('ecs:RunTask')
    await expect(run(await as('unpassing', [inCluster('main')]), definition)).rejects.toThrow('iam:PassRole')
    const own = { ...passing('ecs-tasks.amazonaws.com'), Resource: given.executionRoleArn }
    const narrow = await as('narrow', [inCluster('main'), own])
    expect((await run(narrow, definition)).tasks).toHaveLength(1)
    const other = { overrides: { taskRoleArn: `arn:aws:iam::${HUB}:role/other` } }
    await expect(run(narrow, definition, other)).rejects.toThrow(
      `iam:PassRole on resource: ${other.overrides.taskRoleArn}`,
    )
  })
})

describe('a task definition', () => {
  const container = { name: 'web', image: 'nginx' }
  const fargate = {
    family: 'checked',
    requiresCompatibilities: ['FARGATE' as const],
    networkMode: 'awsvpc' as const,
    cpu: '256',
    memory: '512',
    containerDefinitions: [container],
  }

  it.each<[string, object]>([
    ["Fargate only supports network mode 'awsvpc'.", { networkMode: 'bridge' }],
    ["Fargate requires that 'cpu' be defined at the task level.", { cpu: undefined }],
    ['No Fargate configuration exists for given values.', { memory: '4096' }],
    [
      'Fargate requires task definition to have execution role ARN to support ECR images.',
      { containerDefinitions: [{ ...container, image: `${IMAGE}:v1` }] },
    ],
    ['Container list cannot be empty.', { containerDefinitions: [] }],
    ['Container.image should not be null or empty.', { containerDefinitions: [{ name: 'web' }] }],
    [
      "Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.",
      { requiresCompatibilities: undefined, memory: undefined },
    ],
  ])('is refused: %s', async (words, more) => {
    const command = new RegisterTaskDefinitionCommand({ ...fargate, ...more })
    await expect(shop.ecs.send(command)).rejects.toMatchObject({ name: 'ClientException', message: words })
  })

  it('may name its roles without their ARNs, and tells them with these', async () => {
    const { taskDefinition } = await shop.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'short',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        taskRoleArn: 'short-task',
        executionRoleArn: 'short-execution',
        containerDefinitions: [{ name: 'web', image: 'nginx' }],
      }),
    )
    expect(taskDefinition).toMatchObject({
      taskRoleArn: `arn:aws:iam::${HUB}:role/short-task`,
      executionRoleArn: `arn:aws:iam::${HUB}:role/short-execution`,
    })
  })

  it('has sizes in words, revisions that are counted, and is INACTIVE when it is deregistered', async () => {
    const register = () =>
      shop.ecs.send(new RegisterTaskDefinitionCommand({ ...fargate, cpu: '.5 vCPU', memory: '1 GB' }))
    await register()
    const { taskDefinition } = await register()
    expect(taskDefinition).toMatchObject({
      revision: 2,
      status: 'ACTIVE',
      containerDefinitions: [{ essential: true, cpu: 0 }],
    })
    await shop.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'checked:2' }))
    const newest = await shop.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'checked' }))
    expect(newest.taskDefinition?.revision).toBe(1)
    expect((await register()).taskDefinition?.revision).toBe(3)
    const list = await shop.ecs.send(
      new ListTaskDefinitionsCommand({ familyPrefix: 'checked', sort: 'DESC' }),
    )
    expect(list.taskDefinitionArns!.map((arn) => arn.split(':').at(-1))).toEqual(['3', '1'])
    const { families } = await shop.ecs.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: 'che' }))
    expect(families).toEqual(['checked'])
    await expect(run(shop.ecs, 'checked:2')).rejects.toThrow('TaskDefinition is inactive')
    await expect(run(shop.ecs, 'nothing')).rejects.toThrow('TaskDefinition not found.')
  })
})

describe('a cluster', () => {
  it('is not deleted while tasks are in it, and a service is looked for in it alone', async () => {
    await expect(shop.ecs.send(new DeleteClusterCommand({ cluster: 'main' }))).rejects.toMatchObject({
      name: 'ClusterContainsTasksException',
    })
    const { clusters, failures } = await shop.ecs.send(
      new DescribeClustersCommand({ clusters: ['main', 'none'] }),
    )
    expect(clusters).toMatchObject([{ clusterName: 'main', status: 'ACTIVE' }])
    expect(failures).toMatchObject([{ reason: 'MISSING' }])
    const update = (cluster: string) => shop.ecs.send(new UpdateServiceCommand({ cluster, service: 'none' }))
    await expect(update('none')).rejects.toMatchObject({ name: 'ClusterNotFoundException' })
    await expect(update('main')).rejects.toMatchObject({ name: 'ServiceNotFoundException' })
  })
})
