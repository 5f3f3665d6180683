/** A rolling deployment of ten tasks on the embedded ECS: what it takes beside the waits that its tasks' states have. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs'
import { type Measurement, median, skipped } from './measurement.ts'
import { launchCloud } from './startup.ts'

const TASKS = 10
const ROUNDS = 5

export async function run(): Promise<Measurement[]> {
  // Simulated tasks: what is timed is the service, not this machine's containers.
  const cloud = await launchCloud('--containers', 'none')
  const ecs = new ECSClient({
    endpoint: cloud.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
  })
  try {
    await furnish(ecs)
    const one = await deployments(ecs, 1)
    const ten = await deployments(ecs, TASKS)
    return [
      {
        name: `ecs: rolling deployment of ${TASKS} tasks`,
        value: ten,
        unit: 'ms',
        // Nearly all of it are the states that tasks pass through, which ten do as fast as one.
        beside: [{ name: 'of one task', value: one }],
        aim: { atMost: 1.5, timesOf: 'of one task' },
      },
    ]
  } catch (error) {
    return [skipped('ecs: rolling deployment', (error as Error).message)]
  } finally {
    ecs.destroy()
    await cloud.stop()
  }
}

async function furnish(ecs: ECSClient): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: 'bench' }))
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'web',
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: '256',
      memory: '512',
      containerDefinitions: [{ name: 'web', image: 'nginx' }],
    }),
  )
}

/** Milliseconds, in the median, until a service of so many tasks has them all replaced. */
async function deployments(ecs: ECSClient, desiredCount: number): Promise<number> {
  const service = `of-${desiredCount}`
  await ecs.send(
    new CreateServiceCommand({
      cluster: 'bench',
      serviceName: service,
      taskDefinition: 'web',
      desiredCount,
      launchType: 'FARGATE',
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    }),
  )
  await steady(ecs, service)
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    await ecs.send(new UpdateServiceCommand({ cluster: 'bench', service, forceNewDeployment: true }))
    await steady(ecs, service)
    times.push(performance.now() - began)
  }
  return median(times)
}

async function steady(ecs: ECSClient, service: string): Promise<void> {
  for (;;) {
    const { services } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'bench', services: [service] }),
    )
    if (services?.[0]?.deployments?.every(({ rolloutState }) => rolloutState === 'COMPLETED')) return
    await sleep(10)
  }
}
