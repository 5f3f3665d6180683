/** Deployments that a restart finds under way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { hang, loadServices, newFolder } from '../interrupted.ts'
import { appSpec, openDeployShop } from './deploy-shop.ts'
import { openServiceShop, serviceSpec } from './service-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-deploy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const shop = await openDeployShop({ data: folder })

it('go on where they were, by the clock', async () => {
  await shop.group('slow', { deploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute' })
  const from = (await shop.alias()).version!
  const to = await shop.publish()
  const id = await shop.begin('slow', appSpec(from, to))
  await shop.pass(1)
  expect(await shop.alias()).toEqual({ version: from, [to]: 0.2 })
  const port = Number(new URL(shop.test.cloud.endpoint).port)
  await shop.test.cloud.stop()
  const again = await startCloud({ clock: shop.clock, data: folder, port })
  try {
    await shop.clock.pass(1)
    await again.settled()
    expect(await shop.alias()).toEqual({ version: from, [to]: 0.3 })
    await shop.clock.pass(7)
    await again.settled()
    expect(await shop.look(id)).toMatchObject({ status: 'Succeeded' })
    expect(await shop.alias()).toEqual({ version: to })
  } finally {
    await again.stop()
  }
})

it.each(['CreateTaskSet', 'UpdateServicePrimaryTaskSet', 'DeleteTaskSet'])(
  'make nothing twice where the cloud ended before %s was answered',
  async (operation) => {
    const data = newFolder()
    const services = await openServiceShop({ data })
    await services.group('web')
    await loadServices(services.cloud)
    const reached = hang(services.cloud, 'ecs', operation, 'all done')
    const { deploymentId } = await services.deploy('CreateDeployment', {
      applicationName: 'shop',
      deploymentGroupName: 'web',
      revision: { revisionType: 'AppSpecContent', appSpecContent: { content: serviceSpec(services.two) } },
    })
    let isReached = false
    reached.then(() => {
      isReached = true
    })
    while (!isReached) await services.clock.pass(1 / 600, 100)
    const port = Number(new URL(services.cloud.endpoint).port)
    await services.cloud.stop()
    const again = await startCloud({ clock: services.clock, data, port })
    try {
      for (let tenth = 0; tenth < 200; tenth++) {
        await services.clock.pass(1 / 600, 100)
        await again.settled()
      }
      expect(await services.look(deploymentId)).toMatchObject({ status: 'Succeeded' })
      expect(await services.taskSets()).toEqual([['PRIMARY', 'two']])
    } finally {
      await again.stop()
    }
  },
)
