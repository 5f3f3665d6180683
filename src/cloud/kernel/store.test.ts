import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SealedDatabase } from './sealed-database.ts'
import { collection, Store } from './store.ts'

let folder: string
let store: Store
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-store-'))
  store = new Store(await SealedDatabase.open(join(folder, 'state'), Buffer.alloc(32, 1)))
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

test('what one turn of the event loop changes is committed together, whoever flushes in its midst', async () => {
  const commits: number[] = []
  const database = {
    records: () => [],
    write: (changes: Iterable<unknown>) => commits.push([...changes].length),
    close: () => Promise.resolve(),
  }
  const turns = new Store(database as unknown as SealedDatabase)
  const table = turns.of(collection<number>('things'))
  const change = async () => {
    table.put('first', 1)
    await Promise.resolve()
    table.put('second', 2)
  }
  await Promise.all([change(), Promise.resolve().then(() => turns.flush())])
  expect(commits).toEqual([2])
  table.put('passing', 3)
  table.delete('passing')
  table.delete('first')
  await turns.flush()
  expect(commits).toEqual([2, 1])
})
