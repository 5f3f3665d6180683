/** Deployments that a restart finds under way. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { startCloud } from '../../../src/cloud/index.ts'
import { appSpec, openDeployShop } from './deploy-shop.ts'

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
