/** Tasks and deployments that a restart interrupts go on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeServicesCommand, ECSClient, ListServiceDeploymentsCommand } from '@aws-sdk/client-ecs'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { HUB } from '../cloud.ts'
import type { HandClock } from '../hand-clock.ts'
import { IMAGE, openContainerShop } from './container-shop.ts'
import { openShiftingShop } from './shifting-shop.ts'

const folders: string[] = []
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-ecs-'))
  folders.push(folder)
  return folder
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Starts a cloud on what another one left, and lets seconds go by; gives what a service is then. */
async function afterRestart(data: string, clock: HandClock, seconds: number, name: string) {
  const again = await startCloud({ data, clock })
  const client = clock.lead(
    new ECSClient({
      endpoint: again.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
    }),
  )
  try {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      await clock.pass(1 / 600, 100)
      await again.settled()
    }
    const at = { cluster: 'main', service: name }
    const described = new DescribeServicesCommand({ cluster: at.cluster, services: [name] })
    const { services } = await client.send(described)
    const { serviceDeployments } = await client.send(new ListServiceDeploymentsCommand(at))
    return { service: services![0]!, newest: serviceDeployments![0]! }
  } finally {
    client.destroy()
    await again.stop()
  }
}

it('a deployment that was begun before the end is completed after the start', async () => {
  const data = newFolder()
  const { clock, cloud, register, create, pass, describe } = await openContainerShop({ data })
  await create('lasting', { taskDefinition: await register(`${IMAGE}:v1`) })
  await pass(0.1)
  expect(await describe('lasting')).toMatchObject({ runningCount: 0, pendingCount: 2 })
  await cloud.stop()

  const { service, newest } = await afterRestart(data, clock, 2, 'lasting')
  expect(service).toMatchObject({ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] })
  expect(newest).toMatchObject({ status: 'SUCCESSFUL' })
})

it('traffic that was being shifted before the end is shifted to all after the start', async () => {
  const data = newFolder()
  const shop = await openShiftingShop({ data })
  await shop.shifting('lasting', { strategy: 'CANARY', bakeTimeInMinutes: 0 })
  const canaryConfiguration = { canaryPercent: 10, canaryBakeTimeInMinutes: 1 }
  const taskDefinition = await shop.listening('v2')
  await shop.update('lasting', { taskDefinition, deploymentConfiguration: { canaryConfiguration } })
  await shop.pass(5)
  expect(await shop.weights(shop.rules.production)).toEqual([90, 10])
  await shop.cloud.stop()
  const { service, newest } = await afterRestart(data, shop.clock, 70, 'lasting')
  expect(newest).toMatchObject({ status: 'SUCCESSFUL' })
  expect(service).toMatchObject({ taskDefinition, runningCount: 2 })
  expect(service.deployments).toHaveLength(1)
})
