/** What an account has around its services: settings, capacity providers, statistics, and what Fargate alone lacks. */
import {
  CreateClusterCommand,
  DeleteAccountSettingCommand,
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ExecuteCommandCommand,
  ListAccountSettingsCommand,
  ListContainerInstancesCommand,
  ListServicesCommand,
  type ListServicesCommandInput,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  PutAccountSettingCommand,
  PutAccountSettingDefaultCommand,
  PutClusterCapacityProvidersCommand,
  StartTaskCommand,
  UpdateClusterSettingsCommand,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { userWith } from '../ecr/callers.ts'
import { type ContainerShop, IMAGE, openContainerShop } from './container-shop.ts'

let shop: ContainerShop
let definition: string

beforeAll(async () => {
  shop = await openContainerShop()
  definition = await shop.register(`${IMAGE}:v1`)
})

describe('account settings', () => {
  const insights = { name: 'containerInsights' as const }
  const list = async (client: ECSClient, more: object = {}) =>
    (await client.send(new ListAccountSettingsCommand({ ...insights, effectiveSettings: true, ...more })))
      .settings!

  it('are the account’s where a user has none, and new clusters follow them', async () => {
    const credentials = await userWith(shop, HUB, 'setter', {
      Effect: 'Allow',
      Action: 'ecs:*',
      Resource: '*',
    })
    const user = shop.client(ECSClient, { credentials })
    expect(await list(user)).toMatchObject([{ value: 'disabled', type: 'user' }])
    await shop.ecs.send(new PutAccountSettingDefaultCommand({ ...insights, value: 'enabled' }))
    expect(await list(user)).toMatchObject([{ value: 'enabled', principalArn: `arn:aws:iam::${HUB}:root` }])
    await user.send(new PutAccountSettingCommand({ ...insights, value: 'enhanced' }))
    expect(await list(user)).toMatchObject([{ principalArn: `arn:aws:iam::${HUB}:user/setter` }])
    const { cluster } = await user.send(new CreateClusterCommand({ clusterName: 'watched' }))
    expect(cluster!.settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }])
    await user.send(new DeleteAccountSettingCommand(insights))
    expect(await list(user)).toMatchObject([{ value: 'enabled' }])
    expect(await list(user, { effectiveSettings: false })).toEqual([])
    const others = new PutAccountSettingCommand({
      ...insights,
      value: 'disabled',
      principalArn: `arn:aws:iam::${HUB}:root`,
    })
    await expect(user.send(others)).rejects.toThrow('You must be the root user')
  })

  it('come in pages', async () => {
    const page = (nextToken?: string) =>
      shop.ecs.send(new ListAccountSettingsCommand({ effectiveSettings: true, maxResults: 6, nextToken }))
    const first = await page()
    const second = await page(first.nextToken)
    expect([first.settings!.length, second.settings!.length]).toEqual([6, 5])
  })

  it.each([
    ['tagResourceAuthorization', 'off', 'does not support the account setting tagResourceAuthorization'],
    ['containerInsights', 'maybe', 'The value "maybe" is not valid'],
    ['guardDutyActivate', 'on', 'is not valid'],
  ] as const)('%s is not set to %s', async (name, value, words) => {
    await expect(shop.ecs.send(new PutAccountSettingCommand({ name, value }))).rejects.toThrow(words)
  })
})

describe('a cluster', () => {
  it('has statistics by launch type, and settings that are changed', async () => {
    await shop.create('web', { taskDefinition: definition })
    await shop.pass(1)
    const { clusters } = await shop.ecs.send(
      new DescribeClustersCommand({ clusters: ['main'], include: ['STATISTICS'] }),
    )
    expect(clusters![0]!.statistics).toEqual(
      expect.arrayContaining([
        { name: 'runningFargateTasksCount', value: '2' },
        { name: 'activeFargateServiceCount', value: '1' },
        { name: 'runningEC2TasksCount', value: '0' },
      ]),
    )
    const settings = [{ name: 'containerInsights' as const, value: 'enabled' }]
    const { cluster } = await shop.ecs.send(new UpdateClusterSettingsCommand({ cluster: 'main', settings }))
    expect(cluster!.settings).toEqual(settings)
  })

  it('has the capacity providers of Fargate when it is given them', async () => {
    const ask = async (more: object = {}) => {
      const command = new DescribeCapacityProvidersCommand(more)
      const { capacityProviders, failures } = await shop.ecs.send(command)
      return [capacityProviders!.map(({ name, status }) => `${name} ${status}`), failures!.length]
    }
    expect(await ask()).toEqual([['FARGATE ACTIVE', 'FARGATE_SPOT ACTIVE'], 0])
    expect(await ask({ cluster: 'main' })).toEqual([[], 0])
    await shop.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: 'main',
        capacityProviders: ['FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [],
      }),
    )
    expect(await ask({ cluster: 'main' })).toEqual([['FARGATE_SPOT ACTIVE'], 0])
    expect(await ask({ capacityProviders: ['FARGATE', 'group'] })).toEqual([['FARGATE ACTIVE'], 1])
  })

  it('has no container instances', async () => {
    const { containerInstanceArns } = await shop.ecs.send(
      new ListContainerInstancesCommand({ cluster: 'main' }),
    )
    expect(containerInstanceArns).toEqual([])
    const containerInstances = ['0123456789abcdef0123456789abcdef']
    const missing = [{ arn: expect.stringMatching(/:container-instance\/main\/0123/), reason: 'MISSING' }]
    const described = new DescribeContainerInstancesCommand({ cluster: 'main', containerInstances })
    expect((await shop.ecs.send(described)).failures).toEqual(missing)
    const start = new StartTaskCommand({ cluster: 'main', containerInstances, taskDefinition: definition })
    expect(await shop.ecs.send(start)).toMatchObject({ tasks: [], failures: missing })
    const starting = { Effect: 'Allow', Action: 'ecs:StartTask', Resource: '*' }
    const starter = shop.client(ECSClient, { credentials: await userWith(shop, HUB, 'starter', starting) })
    await expect(starter.send(start)).rejects.toThrow(`iam:PassRole on resource: ${shop.executionRole}`)
  })
})

describe('lists', () => {
  it('of services come in pages, and by what they are', async () => {
    for (const name of ['one', 'two', 'three'])
      await shop.create(name, { taskDefinition: definition, desiredCount: 0 })
    const list = async (more: Partial<ListServicesCommandInput> = {}) =>
      shop.ecs.send(new ListServicesCommand({ cluster: 'main', ...more }))
    const first = await list({ maxResults: 3 })
    const second = await list({ maxResults: 3, nextToken: first.nextToken })
    expect([first.serviceArns!.length, second.serviceArns!.length]).toEqual([3, 1])
    expect((await list({ schedulingStrategy: 'DAEMON' })).serviceArns).toEqual([])
    expect((await list({ resourceManagementType: 'ECS' })).serviceArns).toEqual([])
    expect((await list({ launchType: 'FARGATE' })).serviceArns).toHaveLength(4)
    await expect(list({ nextToken: 'x' })).rejects.toThrow('Invalid token.')
  })

  it('of tasks are by service, by who started them, and by what they are to do', async () => {
    const list = async (more: Partial<ListTasksCommandInput>) =>
      (await shop.ecs.send(new ListTasksCommand({ cluster: 'main', ...more }))).taskArns!.length
    expect(await list({ serviceName: 'web' })).toBe(2)
    expect(await list({ serviceName: 'web', desiredStatus: 'STOPPED' })).toBe(0)
    expect(await list({ serviceName: 'one' })).toBe(0)
    expect(await list({ family: 'web', launchType: 'EC2' })).toBe(0)
  })
})

it('no command is executed in a task', async () => {
  const [task] = await shop.tasks('web')
  const command = new ExecuteCommandCommand({
    cluster: 'main',
    task: task!.taskArn,
    command: 'sh',
    interactive: true,
  })
  await expect(shop.ecs.send(command)).rejects.toThrow('execute command was not enabled')
})

describe('deleting task definitions', () => {
  const remove = (...taskDefinitions: string[]) =>
    shop.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions }))

  it('takes those that are deregistered, and no others', async () => {
    const spare = await shop.register(`${IMAGE}:v2`)
    expect(await remove(spare, `${spare}0`)).toMatchObject({
      taskDefinitions: [],
      failures: [
        { reason: expect.stringContaining('still in ACTIVE status') },
        { reason: expect.stringContaining('does not exist') },
      ],
    })
    await shop.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: spare }))
    expect((await remove(spare)).taskDefinitions).toMatchObject([{ status: 'DELETE_IN_PROGRESS' }])
    const again = new DescribeTaskDefinitionCommand({ taskDefinition: spare })
    await expect(shop.ecs.send(again)).rejects.toThrow('Unable to describe task definition.')
  })

  it('keeps those that tasks are made of', async () => {
    await shop.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: definition }))
    await remove(definition)
    const { taskDefinitionArns } = await shop.ecs.send(
      new ListTaskDefinitionsCommand({ status: 'DELETE_IN_PROGRESS' }),
    )
    expect(taskDefinitionArns).toEqual([definition])
    expect(await shop.describe('web')).toMatchObject({ runningCount: 2, taskDefinition: definition })
  })
})
