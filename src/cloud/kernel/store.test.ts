import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collection, Store } from './store.ts'

let folder: string
let store: Store
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-store-'))
  store = await Store.open(folder, { durable: false })
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

test('nothing is kept of what was only asked for, or is gone', () => {
  const asked = collection<number>('asked')
  expect(store.of(asked, '1', 'r').get('a')).toBeUndefined()
  expect(store.of(asked, '1', 'r').values()).toEqual([])
  expect(store.everywhere(asked)).toEqual([])
  const table = store.of(asked, '2', 'r')
  table.put('a', 1)
  expect(store.everywhere(asked).map(({ account }) => account)).toEqual(['2'])
  table.delete('a')
  table.delete('a')
  expect(store.everywhere(asked)).toEqual([])
})

test('a table that was empty meanwhile is the same for everybody who holds it', () => {
  const [one, other] = [store.of(collection<number>('shared')), store.of(collection<number>('shared'))]
  one.put('a', 1)
  one.delete('a')
  other.put('b', 2)
  expect([one.get('b'), one.has('a'), one.size, one.entries()]).toEqual([2, false, 1, [['b', 2]]])
})
