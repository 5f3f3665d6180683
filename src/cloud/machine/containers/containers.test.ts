import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Processes } from '../processes.ts'
import { Containers } from './containers.ts'

let folder: string
let processes: Processes
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-containers-'))
  processes = await Processes.open(folder)
})
afterEach(async () => {
  await processes.close()
  rmSync(folder, { recursive: true })
})

it.each([
  ['none', 'the cloud was started to run no containers'],
  ['docker', /^docker: it gives tasks no network of their own/],
] as const)('the choice %s runs none, and says so', async (choice, why) => {
  const containers = new Containers(choice, processes, join(folder, 'containers'))
  expect(await containers.engine()).toBeUndefined()
  expect(containers.why).toMatch(why)
  expect((await containers.look()).problems).toEqual([containers.why])
  await containers.close()
})

it('makes nothing before a container runs', async () => {
  const containers = new Containers('auto', processes, join(folder, 'containers'))
  await containers.look()
  expect(readdirSync(folder)).toEqual(['processes'])
  await containers.close()
})
