import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { collection, Store } from './store.ts'

const things = collection<number>('things')

test('what one turn of the event loop changes is committed together, whoever flushes in its midst', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crossdock-store-'))
  const store = new Store(folder, { durable: false })
  const commits: number[] = []
  const inside = store as unknown as { commit(): Promise<void>; dirty: Map<string, unknown> }
  const { commit } = inside
  inside.commit = () => {
    commits.push(inside.dirty.size)
    return commit.call(store)
  }
  const table = store.of(things)
  const change = async () => {
    table.put('first', 1)
    await Promise.resolve()
    table.put('second', 2)
  }
  await Promise.all([change(), Promise.resolve().then(() => store.flush())])
  expect(commits).toEqual([2])
  table.put('passing', 3)
  table.delete('passing')
  table.delete('first')
  await store.flush()
  expect(commits).toEqual([2, 1])
  await store.close()
  const again = new Store(folder, { durable: false })
  expect(again.of(things).entries()).toEqual([['second', 2]])
  await again.close()
  rmSync(folder, { recursive: true, force: true })
})
