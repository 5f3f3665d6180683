import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { Trail } from './trail.ts'
import type { TrailEntry } from './trail-entry.ts'

const entry = (number: number, more: Partial<TrailEntry> = {}): TrailEntry => ({
  time: number,
  requestId: `request-${number}`,
  action: 's3:GetObject',
  resource: `arn:aws:s3:::bucket/${number}`,
  operation: 's3:GetObject',
  caller: 'arn:aws:iam::111111111111:root',
  principal: 'arn:aws:iam::111111111111:root',
  account: '111111111111',
  region: 'us-east-1',
  context: { 'aws:SourceIp': '127.0.0.1' },
  decision: { effect: 'allowed' } as unknown as TrailEntry['decision'],
  ...more,
})

const denied = (number: number, more: Partial<TrailEntry> = {}): TrailEntry =>
  entry(number, {
    decision: { effect: 'implicitDeny', message: `no ${number}` } as unknown as TrailEntry['decision'],
    denial: { saidNo: 'identity policy', close: [], remedies: [] },
    ...more,
  })

/** Text that hardly packs, the same in every run. */
const noise = (number: number, rounds = 1): string =>
  Array.from({ length: rounds }, (_, round) =>
    createHash('sha512').update(`${number} ${round}`).digest('hex'),
  ).join('')

const filled = (entries: readonly TrailEntry[], limits = {}): Trail => {
  const trail = new Trail(limits)
  for (const one of entries) trail.record(one)
  return trail
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, number) => number)
const times = (entries: readonly TrailEntry[]): number[] => entries.map(({ time }) => time)

test('gives back what was recorded, in order, packed or not yet', () => {
  const recorded = numbers(1000).map((number) => entry(number, { context: { line: 'a\nb', quote: '"' } }))
  expect(filled(recorded).entries()).toEqual(recorded)
})

test('holds no more than its bytes, however large or many the entries are, and the newest of them', () => {
  const large = numbers(4000).map((number) => entry(number, { resource: `arn:${noise(number)}` }))
  const trail = filled(large, { bytes: 80_000 })
  const kept = times(trail.entries())
  expect(kept.length).toBeLessThan(2500)
  expect(kept.length).toBeGreaterThan(256)
  expect(kept).toEqual(numbers(4000).slice(-kept.length))
  for (const number of numbers(50))
    trail.record(entry(4000 + number, { context: { large: noise(number, 1000) } }))
  expect(trail.entries().length).toBeLessThan(50)
})

test.each([
  ['by cause', { cause: 'b' }, (one: TrailEntry) => one.cause === 'b'],
  ['by account', { account: '222222222222' }, (one: TrailEntry) => one.account === '222222222222'],
  ['by principal', { principal: 'arn:b' }, (one: TrailEntry) => one.principal === 'arn:b'],
  ['from a time on', { since: 300 }, (one: TrailEntry) => one.time >= 300],
  ['denials only', { denied: true }, (one: TrailEntry) => one.denial !== undefined],
  [
    'by several at once',
    { denied: true, since: 100, cause: 'b' },
    (one: TrailEntry) => one.denial !== undefined && one.time >= 100 && one.cause === 'b',
  ],
])('is narrowed down %s', (_, filter, wanted) => {
  const all = numbers(600).map((number) =>
    (number % 7 === 0 ? denied : entry)(number, {
      ...(number % 3 === 0 && { cause: 'b', context: { note: '"cause":"c"' } }),
      ...(number % 5 === 0 && { account: '222222222222', principal: 'arn:b' }),
    }),
  )
  expect(filled(all).entries(filter)).toEqual(all.filter(wanted))
})

test('a value that only looks like a cause is none', () => {
  const remedies = [{ belongsIn: 'a', advice: 'b', statement: { cause: 'c' } }]
  const trail = filled([denied(1, { denial: { saidNo: 'x', close: [], remedies } as never })])
  expect(trail.entries({ cause: 'c' })).toEqual([])
})

test('what is recorded while it is read is not part of what is read', () => {
  const trail = filled(numbers(300).map((number) => entry(number)))
  const pieces = trail.read()
  const first = pieces.next().value as string
  for (const number of numbers(600)) trail.record(entry(1000 + number))
  const lines = [first, ...pieces].join('').trim().split('\n')
  expect(lines).toHaveLength(300)
})

test('a denial stays explained when its entry is gone, each call once', () => {
  const calls = numbers(3).map((number) => denied(number, { cause: 'failed', resource: `arn:${number % 2}` }))
  const trail = filled([...calls, ...numbers(3000).map((number) => entry(number))], { bytes: 2000 })
  expect(trail.entries({ cause: 'failed' })).toEqual([])
  const told = trail.denials(['failed', 'other']).map((line) => JSON.parse(line))
  expect(told.map(({ resource, message }) => [resource, message])).toEqual([
    ['arn:0', 'no 2'],
    ['arn:1', 'no 1'],
  ])
})

test('denials by cause are bounded too, the oldest going first, also those of one cause alone', () => {
  const trail = filled(
    numbers(1000).map((number) => denied(number, { cause: `action-${number}` })),
    { denials: 20_000 },
  )
  const kept = trail.denials()
  expect(kept.join('').length).toBeLessThanOrEqual(20_000)
  expect(kept.length).toBeGreaterThan(50)
  expect(JSON.parse(kept.at(-1)!).cause).toBe('action-999')
  for (const number of numbers(1000))
    trail.record(denied(number, { cause: 'one', resource: `arn:${number}` }))
  const own = trail.denials(['one'])
  expect(own.join('').length).toBeLessThanOrEqual(20_000)
  expect(JSON.parse(own.at(-1)!).resource).toBe('arn:999')
  expect(trail.denials(['action-999'])).toEqual([])
})

test('nothing is left of what was cleared', () => {
  const trail = filled(numbers(300).map((number) => denied(number, { cause: 'a' })))
  trail.clear()
  expect([trail.entries(), trail.denials()]).toEqual([[], []])
  trail.record(entry(1))
  expect(times(trail.entries())).toEqual([1])
})
