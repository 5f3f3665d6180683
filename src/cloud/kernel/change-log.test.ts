import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ChangeLog } from './change-log.ts'

let folder: string
let path: string
const opened: ChangeLog[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-log-'))
  path = join(folder, 'changes')
})
afterEach(() => {
  for (const one of opened.splice(0)) one.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = (after = 0): ChangeLog => {
  const log = new ChangeLog(path, after)
  opened.push(log)
  return log
}
const write = (log: ChangeLog, ...words: string[]): number[] =>
  words.map((word) => log.append(Buffer.from(word)))
const read = (after = 0): string[] => [...open(after).unfinished()].map(({ body }) => body.toString())

test('gives what was written, over both files, and goes on from there', () => {
  const log = open()
  expect(write(log, 'a', '', 'c')).toEqual([1, 2, 3])
  log.turn()
  expect(write(log, 'd', 'e'.repeat(100_000))).toEqual([4, 5])
  expect(read()).toEqual(['a', '', 'c', 'd', 'e'.repeat(100_000)])
  const next = open()
  const found = [...next.unfinished()]
  expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
  next.clear()
  expect(write(next, 'f')).toEqual([6])
})

test('leaves out what the database has', () => {
  const log = open()
  write(log, 'a', 'b', 'c')
  log.turn()
  write(log, 'd')
  expect(read(2)).toEqual(['c', 'd'])
  expect(read(4)).toEqual([])
})

test('an emptied file holds nothing, and takes what comes next', () => {
  const log = open()
  write(log, 'a', 'b')
  const empty = log.turn()
  write(log, 'c')
  empty()
  expect(read(2)).toEqual(['c'])
  log.turn()
  write(log, 'd')
  expect(read(2)).toEqual(['c', 'd'])
})

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['cut off in its head', (bytes: Buffer) => bytes.subarray(0, 2 * (16 + 3) + 7)],
  ['changed', (bytes: Buffer) => bytes.fill(0, bytes.length - 2)],
  [
    'followed by zeros, as file systems leave them',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -19), Buffer.alloc(64)]),
  ],
])('ends at an entry that is %s, whatever the other file holds', (_, damage) => {
  const log = open()
  write(log, 'one', 'two', 'xyz')
  log.turn()
  write(log, 'too late')
  writeFileSync(`${path}-0`, damage(readFileSync(`${path}-0`)))
  expect(read()).toEqual(['one', 'two'])
})

test('a file that came back after it was emptied changes nothing', () => {
  const log = open()
  write(log, 'old', 'older')
  const before = readFileSync(`${path}-0`)
  log.turn()()
  write(log, 'new')
  writeFileSync(`${path}-0`, before)
  expect(read(2)).toEqual(['new'])
})

test('its files are their owner’s alone', () => {
  open()
  expect(statSync(`${path}-0`).mode & 0o777).toBe(0o600)
})

test('writes behind what it found when it was not emptied', () => {
  write(open(), 'a')
  const log = open()
  expect([...log.unfinished()]).toHaveLength(1)
  write(log, 'b')
  expect(read()).toEqual(['a', 'b'])
  appendFileSync(`${path}-0`, 'torn')
  expect(read()).toEqual(['a', 'b'])
  truncateSync(`${path}-0`, 5)
  expect(read()).toEqual([])
})
