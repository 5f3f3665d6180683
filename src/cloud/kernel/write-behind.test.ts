import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ChangeLog } from './change-log.ts'
import { SealedDatabase } from './sealed-database.ts'
import { collection, Store } from './store.ts'
import { type StoredChange, type TakeOver, WriteBehind } from './write-behind.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-behind-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const put = (name: string, text: string): StoredChange => ({
  key: ['c', '/', name],
  bytes: Buffer.from(text),
})
const gone = (name: string): StoredChange => ({ key: ['c', '/', name] })
const flatten = (changes: Iterable<StoredChange>): string[] =>
  [...changes].map(({ key, bytes }) => `${key[2]}=${bytes ? Buffer.from(bytes).toString() : '-'}`)

/** A database that takes over when it is told to. */
function slowDatabase() {
  const taken: { changes: string[]; last: number; finish: (error?: Error) => void }[] = []
  const takeOver = (changes: Iterable<StoredChange>, last: number) =>
    new Promise<void>((resolve, reject) => {
      const finish = (error?: Error) => (error ? reject(error) : resolve())
      taken.push({ changes: flatten(changes), last, finish })
    })
  return { taken, takeOver }
}

const open = (takeOver: TakeOver, after = 0, rest = 0): Promise<WriteBehind> =>
  WriteBehind.open(new ChangeLog(join(folder, 'changes'), after), takeOver, rest)

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('what was written is there after the end of the process, though the database had taken over nothing', async () => {
  const { taken, takeOver } = slowDatabase()
  const behind = await open(takeOver)
  behind.write([put('a', '1'), put('b', '1')])
  behind.write([put('a', '2'), gone('b'), put('é"\n', '')])
  expect(taken.map(({ changes }) => changes)).toEqual([['a=1', 'b=1']])
  const next = slowDatabase()
  const opening = open(next.takeOver)
  expect(next.taken).toMatchObject([{ changes: ['a=2', 'b=-', 'é"\n='], last: 2 }])
  next.taken[0]!.finish()
  await opening
  expect(statSync(join(folder, 'changes-0')).size + statSync(join(folder, 'changes-1')).size).toBe(0)
})

test('what the database had is not taken over again', async () => {
  const { taken, takeOver } = slowDatabase()
  const behind = await open(takeOver)
  behind.write([put('a', '1')])
  behind.write([put('a', '2')])
  taken[0]!.finish()
  await turn()
  behind.write([put('b', '3')])
  const next = slowDatabase()
  void open(next.takeOver, 1)
  expect(next.taken).toMatchObject([{ changes: ['a=2', 'b=3'], last: 3 }])
})

test('the database rests between two transactions, until it is closed', async () => {
  const { taken, takeOver } = slowDatabase()
  const behind = await open(takeOver, 0, 3_600_000)
  behind.write([put('a', '1')])
  taken[0]!.finish()
  await turn()
  behind.write([put('a', '2')])
  behind.write([put('b', '3')])
  await turn()
  expect(taken).toHaveLength(1)
  const closing = behind.close()
  await turn()
  expect(taken[1]).toMatchObject({ changes: ['a=2', 'b=3'], last: 3 })
  taken[1]!.finish()
  await closing
})

test('changes that come while the database is busy share one transaction, each record once', async () => {
  const { taken, takeOver } = slowDatabase()
  const behind = await open(takeOver)
  for (let number = 0; number < 100; number++) behind.write([put(`r${number % 3}`, String(number))])
  expect(taken).toHaveLength(1)
  taken[0]!.finish()
  await turn()
  expect(taken[1]).toMatchObject({ changes: expect.arrayContaining(['r0=99', 'r1=97', 'r2=98']), last: 100 })
  taken[1]!.finish()
  await turn()
  expect(taken).toHaveLength(2)
  await behind.close()
})

test('a database that fails is not hidden: nothing is acknowledged from then on', async () => {
  const { taken, takeOver } = slowDatabase()
  const behind = await open(takeOver)
  behind.write([put('a', '1')])
  taken[0]!.finish(new Error('disk full'))
  await turn()
  expect(() => behind.write([put('a', '2')])).toThrow('disk full')
  await expect(behind.close()).rejects.toThrow('disk full')
})

interface Record {
  readonly bytes: Uint8Array
  readonly map: ReadonlyMap<string, number>
}
const RECORDS = collection<Record>('test.records')

const opened = async (state: string): Promise<Store> =>
  new Store(await SealedDatabase.open(state, Buffer.alloc(32, 1)))

test('the store finds in its log what its database has not', async () => {
  const [state, copy] = [join(folder, 'state'), join(folder, 'copy')]
  const store = await opened(state)
  const record: Record = { bytes: Buffer.from('\0ÿ'), map: new Map([['a', 1]]) }
  store.of(RECORDS, '1', 'r').put('kept', record)
  store.of(RECORDS, '1', 'r').put('deleted', record)
  await store.flush()
  store.of(RECORDS, '1', 'r').delete('deleted')
  await store.flush()
  // As a kill leaves it: the log as it is, and the database from before.
  cpSync(state, copy, { recursive: true, filter: (path) => !path.endsWith('.mdb') })
  await store.close()
  for (const [what, place] of [
    ['after a kill', copy],
    ['after a stop', state],
  ] as const) {
    const again = await opened(place)
    expect(again.of(RECORDS, '1', 'r').entries(), what).toEqual([['kept', record]])
    expect(again.everywhere(RECORDS), what).toHaveLength(1)
    await again.close()
  }
})

test('a log that a power loss brings back, in part, takes nothing back', async () => {
  const state = join(folder, 'state')
  const store = await opened(state)
  const numbers = collection<number>('test.numbers')
  for (let number = 0; number < 5; number++) {
    store.of(numbers).put('a', number)
    await store.flush()
  }
  const logs = ['changes-0', 'changes-1'].map(
    (name) => [join(state, name), readFileSync(join(state, name))] as const,
  )
  await store.close()
  for (const [path, bytes] of logs) writeFileSync(path, bytes.subarray(0, bytes.length / 2))
  const again = await opened(state)
  expect(again.of(numbers).get('a')).toBe(4)
  await again.close()
})
