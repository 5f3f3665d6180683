/** Simulated tasks: their address, what answers there, and containers that are said to crash. */
import { DescribeTasksCommand, RunTaskCommand } from '@aws-sdk/client-ecs'
import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { privateNetwork } from '../../../src/cloud/kernel/private-network.ts'
import { HUB } from '../cloud.ts'
import { type ContainerShop, IMAGE, NETWORK, openContainerShop } from './container-shop.ts'

let shop: ContainerShop

beforeAll(async () => {
  shop = await openContainerShop()
})

const definition = (variables: Record<string, string>) =>
  shop.register(`${IMAGE}:v1`, undefined, {
    portMappings: [{ containerPort: 8080 }],
    environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
  })

async function run(taskDefinition: string) {
  const { tasks } = await shop.ecs.send(
    new RunTaskCommand({
      cluster: 'main',
      taskDefinition,
      launchType: 'FARGATE',
      networkConfiguration: NETWORK,
    }),
  )
  return tasks![0]!.taskArn!
}

async function task(arn: string) {
  const { tasks } = await shop.ecs.send(new DescribeTasksCommand({ cluster: 'main', tasks: [arn] }))
  return tasks![0]!
}

/** What answers at the port of a task. */
const endpoint = (ip: string) =>
  shop.cloud.part(privateNetwork).find({ account: HUB, region: 'us-east-1', ip, port: 8080 })

async function ask(ip: string) {
  const found = endpoint(ip)
  if (found?.kind !== 'simulated') throw new Error('nothing simulated answers')
  return found.answer({ method: 'GET', path: '/', headers: {}, body: new Uint8Array() })
}

describe('a simulated task', () => {
  it('has an interface with an address of its own, and says there what it stands for', async () => {
    const revision = await definition({})
    const [one, other] = [await run(revision), await run(revision)]
    await shop.pass(1)
    const { attachments, containers } = await task(one)
    const ip = containers![0]!.networkInterfaces![0]!.privateIpv4Address!
    expect(attachments).toMatchObject([
      {
        type: 'ElasticNetworkInterface',
        status: 'ATTACHED',
        details: expect.arrayContaining([
          { name: 'subnetId', value: 'subnet-1' },
          { name: 'privateIPv4Address', value: ip },
        ]),
      },
    ])
    expect((await task(other)).containers![0]!.networkInterfaces![0]!.privateIpv4Address).not.toBe(ip)
    const { status, text } = await ask(ip)
    expect(status).toBe(200)
    expect(text).toContain('simulated')
    expect(text).toContain(`task ${one.split('/').at(-1)}`)
    expect(text).toMatch(new RegExp(`image ${IMAGE}:v1@sha256:`))
    expect(text).toContain(`revision ${revision.split('/').at(-1)}`)
  })

  it('answers with the status that its environment says', async () => {
    const arn = await run(await definition({ CROSSDOCK_SIMULATED_STATUS: '503' }))
    await shop.pass(1)
    const ip = (await task(arn)).containers![0]!.networkInterfaces![0]!.privateIpv4Address!
    expect((await ask(ip)).status).toBe(503)
  })

  it('crashes when its environment says so, and answers no longer', async () => {
    const arn = await run(await definition({ CROSSDOCK_SIMULATED_EXIT: '137 after 3' }))
    await shop.pass(1)
    const { lastStatus, containers } = await task(arn)
    expect(lastStatus).toBe('RUNNING')
    await shop.pass(4)
    expect(await task(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 137 }],
      attachments: [{ status: 'DELETED' }],
    })
    expect(endpoint(containers![0]!.networkInterfaces![0]!.privateIpv4Address!)).toBeUndefined()
  })
})

describe('a service whose container crashes', () => {
  it('at once never runs: the circuit breaker counts it', async () => {
    const deploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } }
    const good = await definition({})
    await shop.create('crashing', { taskDefinition: good, deploymentConfiguration })
    await shop.pass(2)
    const taskDefinition = await definition({ CROSSDOCK_SIMULATED_EXIT: '1' })
    await shop.update('crashing', { taskDefinition })
    await shop.pass(10)
    const { events, ...service } = await shop.describe('crashing')
    expect(service).toMatchObject({ taskDefinition: good, runningCount: 2 })
    expect(events!.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/failed to start: Essential container in task exited$/),
        expect.stringMatching(/deployment failed: tasks failed to start\.$/),
      ]),
    )
    const [stopped] = await shop.tasks('crashing', 'STOPPED')
    expect(stopped).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 1 }] })
    expect(stopped).not.toHaveProperty('startedAt')
  })

  it('later is replaced', async () => {
    const taskDefinition = await definition({ CROSSDOCK_SIMULATED_EXIT: '2 after 5' })
    await shop.create('aging', { taskDefinition, desiredCount: 1 })
    await shop.pass(3)
    const [before] = await shop.tasks('aging')
    await shop.pass(4)
    const [after] = await shop.tasks('aging')
    expect(after).toMatchObject({ lastStatus: 'RUNNING' })
    expect(after!.taskArn).not.toBe(before!.taskArn)
  })
})

it('the service-linked role is made with the first cluster, and once only', async () => {
  const iam = shop.client(IAMClient)
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForECS' }))
  expect(Role!.Arn).toBe(`arn:aws:iam::${HUB}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`)
  const create = (AWSServiceName: string) => iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }))
  await expect(create('ecs.amazonaws.com')).rejects.toThrow('has been taken in this account')
  await expect(create('other.amazonaws.com')).rejects.toThrow('makes no service-linked role')
})
