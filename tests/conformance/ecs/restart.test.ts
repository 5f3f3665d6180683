/** Tasks and deployments that a restart interrupts go on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { HUB } from '../cloud.ts'
import { IMAGE, openContainerShop } from './container-shop.ts'

const data = mkdtempSync(join(tmpdir(), 'crossdock-ecs-'))
afterAll(() => rmSync(data, { recursive: true, force: true }))

it('a deployment that was begun before the end is completed after the start', async () => {
  const { clock, cloud, register, create, pass, describe } = await openContainerShop({ data })
  await create('lasting', { taskDefinition: await register(`${IMAGE}:v1`) })
  await pass(0.1)
  expect(await describe('lasting')).toMatchObject({ runningCount: 0, pendingCount: 2 })
  await cloud.stop()

  const again = await startCloud({ data, clock })
  const client = clock.lead(
    new ECSClient({
      endpoint: again.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: HUB, secretAccessKey: 'test' },
    }),
  )
  try {
    for (let tenth = 0; tenth < 20; tenth++) {
      await clock.pass(1 / 600, 100)
      await again.settled()
    }
    const command = new DescribeServicesCommand({ cluster: 'main', services: ['lasting'] })
    const { services } = await client.send(command)
    expect(services).toMatchObject([{ runningCount: 2, deployments: [{ rolloutState: 'COMPLETED' }] }])
  } finally {
    client.destroy()
    await again.stop()
  }
})
