/** Clusters, task definitions and services of stacks: what each call takes, what a stack waits for, and why it fails. */
import {
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  ListTagsForResourceCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import { HUB } from '../cloud.ts'
import { driveStacks, type TemplateData } from '../cloudformation/stack-driver.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'
import { HOME, shopTemplate } from './shop-template.ts'

const shop = await openWorkshop()
const stacks = driveStacks(shop)
const ecs = shop.client(ECSClient)
const calls = (since: number) =>
  shop.cloud.trail
    .entries()
    .slice(since)
    .map(({ action }) => action)
const now = () => shop.cloud.trail.entries().length

const service = async (name: string, cluster = name) =>
  (await ecs.send(new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] })))
    .services![0]!

it.concurrent('makes them, gives what Ref and GetAtt give, and waits until the service is steady', async () => {
  const { StackStatus, Outputs } = await stacks.create('made', shopTemplate('made'))
  expect(StackStatus).toBe('CREATE_COMPLETE')
  expect(Object.fromEntries(Outputs!.map((one) => [one.OutputKey, one.OutputValue]))).toEqual({
    Cluster: 'made',
    ClusterArn: `${HOME}:cluster/made`,
    Service: `${HOME}:service/made/made`,
    ServiceName: 'made',
    Tasks: `${HOME}:task-definition/made:1`,
  })
  expect(await service('made')).toMatchObject({
    runningCount: 1,
    desiredCount: 1,
    deployments: [{ rolloutState: 'COMPLETED' }],
  })
  const tags = { 'aws:cloudformation:stack-name': 'made' }
  expect(await tagsOf(`${HOME}:cluster/made`)).toMatchObject(tags)
  expect(await tagsOf(`${HOME}:task-definition/made:1`)).toMatchObject(tags)
  // AWS: `cloudFormationSystemTags` of the type is false.
  expect(await tagsOf(`${HOME}:service/made/made`)).toEqual({})
})

async function tagsOf(resourceArn: string) {
  const { tags = [] } = await ecs.send(new ListTagsForResourceCommand({ resourceArn }))
  return Object.fromEntries(tags.map(({ key, value }) => [key, value]))
}

it.concurrent('rolls the service to a new revision and deregisters the old one', async () => {
  await stacks.create('rolled', shopTemplate('rolled'))
  const since = now()
  const { StackStatus } = await stacks.update(
    'rolled',
    shopTemplate('rolled', { image: 'nginx:2', count: 2 }),
  )
  expect(StackStatus).toBe('UPDATE_COMPLETE')
  const { taskDefinition, runningCount, deployments } = await service('rolled')
  expect(taskDefinition).toBe(`${HOME}:task-definition/rolled:2`)
  expect({ runningCount, all: deployments?.length }).toEqual({ runningCount: 2, all: 1 })
  const { taskDefinition: old } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: 'rolled:1' }),
  )
  expect(old?.status).toBe('INACTIVE')
  expect(calls(since)).toEqual(expect.arrayContaining(['ecs:UpdateService', 'ecs:DeregisterTaskDefinition']))
})

it.concurrent('takes back what an update takes out of the template, and retags', async () => {
  const tagged = (value: string) => ({ Tags: [{ Key: 'team', Value: value }] })
  const settled = { ...tagged('one'), HealthCheckGracePeriodSeconds: 30, PropagateTags: 'SERVICE' }
  await stacks.create('settled', shopTemplate('settled', { service: settled }))
  expect(await service('settled')).toMatchObject({ healthCheckGracePeriodSeconds: 30 })
  const later = shopTemplate('settled', { service: tagged('two'), insights: 'enabled' })
  expect((await stacks.update('settled', later)).StackStatus).toBe('UPDATE_COMPLETE')
  expect(await service('settled')).toMatchObject({ healthCheckGracePeriodSeconds: 0, propagateTags: 'NONE' })
  expect(await tagsOf(`${HOME}:service/settled/settled`)).toEqual({ team: 'two' })
  const { clusters } = await ecs.send(
    new DescribeClustersCommand({ clusters: ['settled'], include: ['SETTINGS'] }),
  )
  expect(clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }])
})

it.concurrent('drains the service before it deletes the cluster', async () => {
  await stacks.create('drained', shopTemplate('drained', { count: 2 }))
  expect((await stacks.remove('drained')).StackStatus).toBe('DELETE_COMPLETE')
  const { clusters } = await ecs.send(new DescribeClustersCommand({ clusters: ['drained'] }))
  expect(clusters?.[0]?.status).toBe('INACTIVE')
})

it.concurrent('fails in AWS’s words when the circuit breaker ends a deployment, and goes back to what was', async () => {
  const execution = await shop.role('puller', 'ecs-tasks.amazonaws.com', [{ Action: 'ecr:*' }])
  await stacks.create('broken', shopTemplate('broken', { execution }))
  const image = `${HUB}.dkr.ecr.us-east-1.amazonaws.com/none:v1`
  const { StackStatus } = await stacks.update('broken', shopTemplate('broken', { execution, image }))
  expect(StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE')
  expect((await stacks.events('broken')).find((one) => one.startsWith('Service UPDATE_FAILED'))).toMatch(
    /^Service UPDATE_FAILED Resource handler returned message: "Error occurred during operation 'ECS Deployment Circuit Breaker was triggered'\." \(RequestToken: [\w-]+, HandlerErrorCode: GeneralServiceException\)$/,
  )
  const { taskDefinition, runningCount } = await service('broken')
  expect({ taskDefinition, runningCount }).toEqual({
    taskDefinition: `${HOME}:task-definition/broken:1`,
    runningCount: 1,
  })
  const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'broken' }))
  expect(taskArns).toHaveLength(1)
}, 20_000)

it.concurrent('takes the strategy of the cluster where the service says nothing', async () => {
  const strategy = [{ CapacityProvider: 'FARGATE_SPOT', Weight: 1 }]
  const { Resources } = shopTemplate('spot', { service: { LaunchType: undefined } }) as {
    Resources: Record<string, object>
  }
  const associated: TemplateData = {
    Resources: {
      ...Resources,
      Providers: {
        Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
        Properties: {
          Cluster: { Ref: 'Cluster' },
          CapacityProviders: ['FARGATE', 'FARGATE_SPOT'],
          DefaultCapacityProviderStrategy: strategy,
        },
      },
      Service: { ...Resources.Service, DependsOn: 'Providers' },
    },
  }
  const { StackStatus } = await stacks.create('spot', associated)
  expect(StackStatus).toBe('CREATE_COMPLETE')
  expect((await service('spot')).capacityProviderStrategy).toMatchObject([
    { capacityProvider: 'FARGATE_SPOT', weight: 1 },
  ])
  expect((await stacks.remove('spot')).StackStatus).toBe('DELETE_COMPLETE')
})

it.concurrent.each<[string, object, RegExp]>([
  [
    'registries',
    { ServiceRegistries: [] },
    /does not support the property "ServiceRegistries" of AWS::ECS::Service/,
  ],
  [
    'launch-type',
    { LaunchType: 'EC2' },
    /does not support the property "LaunchType: EC2" of AWS::ECS::Service/,
  ],
  ['none', { LaunchType: undefined }, /no container instances.*Set launchType to FARGATE/],
])('refuses by name what it does not carry out: %s', async (name, more, words) => {
  const { StackStatus } = await stacks.create(name, shopTemplate(name, { service: more }))
  expect(StackStatus).toBe('ROLLBACK_COMPLETE')
  expect((await stacks.events(name)).find((one) => one.startsWith('Service CREATE_FAILED'))).toMatch(words)
})
