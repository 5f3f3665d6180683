/** A cloud that dies between an acknowledged change and what it owes others for it. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Host } from '../../src/cloud/gateway/host.ts'
import type { LoadedService } from '../../src/cloud/gateway/service-loader.ts'
import type { Cloud } from '../../src/cloud/index.ts'
import { startTestCloud, type TestCloud } from './cloud.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Gives an empty folder that goes with the file's tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-cut-'))
  folders.push(folder)
  return folder
}

/** Has a cloud load all that it has, so that its operations can be taken hold of. */
export async function loadServices(cloud: Cloud): Promise<void> {
  await Promise.all([...cloud.services.keys()].map((id) => (cloud as Host).serviceOf(id)))
}

/**
 * Has an operation answer nobody from now on, for as long as the cloud runs: nothing is done, or all but the answer.
 * Gives a promise that resolves once it was called.
 */
export function hang(
  cloud: Cloud,
  service: string,
  name: string,
  done: 'nothing done' | 'all done',
): Promise<void> {
  return new Promise((reached) => {
    around(cloud, service, name, async (run) => {
      if (done === 'all done') await run()
      reached()
      await new Promise((_, reject) => {
        cloud.signal.addEventListener('abort', () => reject(new Error('the cloud stops')))
      })
    })
  })
}

/** Puts something around an operation of one cloud that has loaded its service. */
export function around(
  cloud: Cloud,
  service: string,
  name: string,
  instead: (run: () => unknown) => unknown,
): void {
  const loaded = (cloud as Host).serviceOf(service as never) as LoadedService
  const operations = loaded.operations as Map<string, object>
  const operation = operations.get(name) as { run(input: unknown, ctx: unknown): unknown }
  const run = (input: unknown, ctx: unknown) => instead(() => operation.run(input, ctx))
  operations.set(name, { ...operation, run })
}

/** Starts another cloud with what is on disk at this moment, as after a kill; the first one never gets to end in order. */
export async function startOnCopy(cloud: Cloud): Promise<TestCloud> {
  await cloud.store.flush()
  const copy = newFolder()
  cpSync(cloud.folder, copy, { recursive: true })
  return startTestCloud({ data: copy })
}

/** Letters that a cloud has sent. */
export const letters = ({ folder }: Cloud): string[] =>
  names(join(folder, 'outbox')).map((name) => readFileSync(join(folder, 'outbox', name), 'utf8'))

function names(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
