import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RecordSeal } from './record-seal.ts'
import { type RecordChange, SealedDatabase } from './sealed-database.ts'
import type { StoredKey } from './write-behind.ts'

const KEY = Buffer.alloc(32, 1)
const RECORD = {
  text: 'a well-known secret',
  none: undefined,
  time: new Date(0),
  bytes: Buffer.from('raw secret'),
  list: [{ deep: 'a deep secret' }],
}
const PLAIN = ['a well-known secret', 'raw secret', 'a deep secret']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-sealed-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const state = () => join(folder, 'state')

/** Plain texts that are in any file. */
const inClear = (): string[] => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const all = files.map((one) => readFileSync(join(one.parentPath, one.name), 'latin1')).join('')
  return PLAIN.filter((text) => all.includes(text))
}

/** Writes a database as earlier versions did. */
async function writeInClear(path: string, records: [StoredKey, unknown][]): Promise<void> {
  mkdirSync(path, { recursive: true })
  const database = open<unknown, StoredKey>({ path, maxDbs: 1 })
  await database.transaction(() => {
    for (const [key, value] of records) database.put(key, value)
  })
  await database.close()
}

async function recordsOf(path: string, key = KEY): Promise<[StoredKey, unknown][]> {
  const database = await SealedDatabase.open(path, key)
  const found = [...database.records()]
  await database.close()
  return found
}

test('records come back as they were, and are not in the files', async () => {
  const database = await SealedDatabase.open(state(), KEY)
  database.write([
    { key: ['c', 's', 'one'], value: RECORD, deleted: false },
    { key: ['c', 's', 'two'], value: 'gone', deleted: false },
  ])
  database.write([{ key: ['c', 's', 'two'], value: undefined, deleted: true }])
  await database.close()
  expect(inClear()).toEqual([])
  expect(await recordsOf(state())).toEqual([[['c', 's', 'one'], RECORD]])
})

test('keys may be of any length, and look like what stands for a long one', async () => {
  const names = ['a', 'b'].flatMap((one) => [
    one.repeat(5000),
    `\uffffsha256:${one}`,
    '\u0001'.repeat(900) + one,
  ])
  const change = (name: string, value: unknown, deleted = false): RecordChange => ({
    key: ['c', '111111111111/us-east-1', name],
    value,
    deleted,
  })
  const database = await SealedDatabase.open(state(), KEY)
  database.write(names.map((name) => change(name, `value of ${name}`)))
  database.write([change(names[0]!, undefined, true)])
  await database.close()
  const found = (await recordsOf(state())).map(([[, , name], value]): [string, unknown] => [name, value])
  expect(new Map(found)).toEqual(new Map(names.slice(1).map((name) => [name, `value of ${name}`])))
})

test('what an earlier version wrote in clear is sealed, and nothing of it is left', async () => {
  const records: [StoredKey, unknown][] = [
    [['a', '1/us-east-1', 'x'], RECORD],
    [['a', '1/us-east-1', 'y'], { number: 1 }],
  ]
  await writeInClear(state(), records)
  expect(inClear()).toEqual(PLAIN)
  expect(await recordsOf(state())).toEqual(records)
  expect(inClear()).toEqual([])
  expect(await recordsOf(state())).toEqual(records)
})

test('a kill while it is sealed loses nothing', async () => {
  const records: [StoredKey, unknown][] = [[['a', '', 'x'], RECORD]]
  await writeInClear(`${state()}-in-clear`, records)
  await writeInClear(state(), [])
  expect(await recordsOf(state())).toEqual(records)
  expect(readdirSync(folder)).toEqual(['state'])
})

test('another key opens nothing', async () => {
  const database = await SealedDatabase.open(state(), KEY)
  database.write([{ key: ['c', '', 'one'], value: RECORD, deleted: false }])
  await database.close()
  await expect(SealedDatabase.open(state(), Buffer.alloc(32, 2))).rejects.toThrow('sealed with another key')
})

test('a record opens under no other name, nor when it was changed', () => {
  const seal = new RecordSeal(KEY)
  const bytes = seal.seal('a', { secret: 1 })
  expect(seal.open('a', bytes)).toEqual({ secret: 1 })
  expect(() => seal.open('b', bytes)).toThrow()
  bytes[20]! ^= 1
  expect(() => seal.open('a', bytes)).toThrow()
  expect(seal.seal('a', { secret: 1 })).not.toEqual(seal.seal('a', { secret: 1 }))
})
