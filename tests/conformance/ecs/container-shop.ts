/** A cloud by a clock that stands, with a cluster, roles and an image, and what tests of services need of it. */
import { CreateRepositoryCommand, ECRClient } from '@aws-sdk/client-ecr'
import {
  type ContainerDefinition,
  CreateClusterCommand,
  CreateServiceCommand,
  type CreateServiceCommandInput,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs'
import type { Clock } from '../../../src/cloud/kernel/clock.ts'
import { HUB } from '../cloud.ts'
import { openWorkshop } from '../codepipeline/workshop.ts'
import { pushImage } from '../ecr/images.ts'
import { HandClock } from '../hand-clock.ts'

export const IMAGE = `${HUB}.dkr.ecr.us-east-1.amazonaws.com/app`
export const NETWORK = { awsvpcConfiguration: { subnets: ['subnet-1'] } }

export const PULL = [
  'ecr:GetAuthorizationToken',
  'ecr:BatchCheckLayerAvailability',
  'ecr:GetDownloadUrlForLayer',
  'ecr:BatchGetImage',
]

interface ShopOptions {
  readonly data?: string
  /** A clock that goes by itself; `pass` is of no use then. */
  readonly clock?: Clock
}

export async function openContainerShop(options: ShopOptions = {}) {
  const clock = new HandClock()
  const shop = await openWorkshop({ clock, ...options })
  const ecs = shop.client(ECSClient)
  const ecr = shop.client(ECRClient)
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }))
  await pushImage(ecr, { repositoryName: 'app' }, 'one', 'v1')
  await pushImage(ecr, { repositoryName: 'app' }, 'two', 'v2')
  const executionRole = await shop.role('execution', 'ecs-tasks.amazonaws.com', [{ Action: PULL }])
  await ecs.send(new CreateClusterCommand({ clusterName: 'main' }))

  /** Registers a revision of `web`; gives its ARN. */
  async function register(
    image: string,
    role = executionRole,
    more: Partial<ContainerDefinition> = {},
  ): Promise<string> {
    const { taskDefinition } = await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        executionRoleArn: role,
        containerDefinitions: [{ name: 'web', image, ...more }],
      }),
    )
    return taskDefinition!.taskDefinitionArn!
  }

  const create = (serviceName: string, more: Partial<CreateServiceCommandInput>) =>
    ecs.send(
      new CreateServiceCommand({
        cluster: 'main',
        serviceName,
        desiredCount: 2,
        launchType: 'FARGATE',
        networkConfiguration: NETWORK,
        ...more,
      }),
    )

  const update = (service: string, more: Partial<UpdateServiceCommandInput>) =>
    ecs.send(new UpdateServiceCommand({ cluster: 'main', service, ...more }))

  async function describe(name: string) {
    const { services } = await ecs.send(new DescribeServicesCommand({ cluster: 'main', services: [name] }))
    return services![0]!
  }

  /** Its service deployments, the newest first. */
  async function history(service: string) {
    const command = new ListServiceDeploymentsCommand({ cluster: 'main', service })
    return (await ecs.send(command)).serviceDeployments!
  }

  /** Tasks of a service, by what they are to do. */
  async function tasks(serviceName: string, desiredStatus: 'RUNNING' | 'STOPPED' = 'RUNNING') {
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'main', serviceName, desiredStatus }))
    if (!taskArns?.length) return []
    return (await ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: taskArns }))).tasks!
  }

  /** Lets seconds go by, and what is done meanwhile come to its end. */
  async function pass(seconds = 5): Promise<void> {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      await clock.pass(1 / 600, 100)
      await shop.cloud.settled()
    }
  }

  return { ...shop, ecs, ecr, clock, executionRole, register, create, update, describe, history, tasks, pass }
}

export type ContainerShop = Awaited<ReturnType<typeof openContainerShop>>
