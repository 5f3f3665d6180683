import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { awsError, type FakeCall, fakeAccounts } from '../../tests/fake-accounts.ts'
import type { LockText } from './fleet-places.ts'
import { type LockContext, lockFleet } from './lock.ts'

const home = { hub: { account: '111111111111', region: 'us-east-1' }, prefix: 'crossdock-acme-' }
const START = Date.parse('2026-03-01T12:00:00Z')
const MINUTE = 60_000

beforeEach(() => void vi.useFakeTimers({ now: START }))
afterEach(() => void vi.useRealTimers())

/** Parameter Store with the versions of one parameter; `before` is done before the next write. */
function store() {
  const versions: string[] = []
  const hooks: { before?: () => void } = {}
  const read = (): LockText | undefined =>
    versions.length ? { text: versions.at(-1)!, version: versions.length } : undefined
  const { accounts } = fakeAccounts({
    PutParameter: ({ Value, Overwrite }: FakeCall['input']) => {
      const { before } = hooks
      delete hooks.before
      before?.()
      if (!Overwrite && versions.length) return awsError('ParameterAlreadyExists')
      versions.push(Value)
      return { Version: versions.length }
    },
    GetParameters: ({ Names: [name] }: FakeCall['input']) => {
      const [, version = versions.length] = name.split(':')
      const Value = versions[Number(version) - 1]
      return { Parameters: Value === undefined ? [] : [{ Value, Version: Number(version) }] }
    },
  })
  const lost: string[] = []
  const taking = (who: string, more: Partial<LockContext> & { seen?: LockText | undefined } = {}) =>
    lockFleet(home, 'seen' in more ? more.seen : read(), {
      accounts,
      now: Date.now,
      holder: { who, what: 'deploy', token: `token of ${who}` },
      lost: (holder) => lost.push(holder.who),
      ...more,
    })
  return { taking, read, versions, hooks, lost, whose: () => JSON.parse(read()!.text).who }
}

test('the second is told who and since when, until the first is done', async () => {
  const { taking } = store()
  const first = await taking('Ana on laptop')
  vi.advanceTimersByTime(3 * MINUTE)
  await expect(taking('Bo')).rejects.toMatchObject({
    message:
      'Ana on laptop has begun to deploy this fleet 3 minutes ago, at 2026-03-01T12:00:00Z, and is not done',
    fix: 'wait for that; if nobody does it any more, the lock lapses at 2026-03-01T12:15:00Z, and --force-unlock takes it now',
  })
  await first.release()
  expect((await taking('Bo')).isFirst).toBe(true)
})

test('one that works on renews it; one that was killed loses it after a while, or by force', async () => {
  const { taking, whose } = store()
  const first = await taking('Ana')
  await vi.advanceTimersByTimeAsync(40 * MINUTE)
  await expect(taking('Bo')).rejects.toThrow('Ana has begun to deploy this fleet 40 minutes ago')
  // Killed: nobody renews it any more.
  vi.clearAllTimers()
  await expect(taking('Bo')).rejects.toThrow('Ana')
  const second = await taking('Bo', { force: true })
  expect(whose()).toBe('Bo')
  await first.release()
  expect(whose()).toBe('Bo')
  vi.clearAllTimers()
  vi.advanceTimersByTime(16 * MINUTE)
  await taking('Cleo')
  await second.release()
  expect(whose()).toBe('Cleo')
})

test('of two that want it at once one gets it, and what the other has written is taken back', async () => {
  const { taking, hooks, versions, whose } = store()
  await (await taking('nobody')).release()
  const ana = JSON.stringify({
    who: 'Ana',
    what: 'deploy',
    since: START,
    until: START + 15 * MINUTE,
    token: 'a',
  })
  hooks.before = () => versions.push(ana)
  await expect(taking('Bo')).rejects.toThrow('Ana has begun to deploy this fleet less than a minute ago')
  expect(whose()).toBe('Ana')
})

test('the very first lock of a fleet may be wanted by two as well', async () => {
  const { taking, hooks, versions } = store()
  hooks.before = () => versions.push('free')
  expect((await taking('Bo')).isFirst).toBe(false)
})

test('a call whose answer was lost and that was made again has taken it all the same', async () => {
  const { taking, hooks, versions, whose } = store()
  await (await taking('nobody')).release()
  const own = JSON.stringify({
    who: 'Bo',
    what: 'deploy',
    since: START,
    until: START + 1,
    token: 'token of Bo',
  })
  hooks.before = () => versions.push(own)
  await taking('Bo')
  expect(whose()).toBe('Bo')
})

test('who deployed since the lock was read has changed what was seen', async () => {
  const { taking, read } = store()
  await (await taking('Ana')).release()
  const seen = read()
  await (await taking('Cleo')).release()
  expect((await taking('Bo', { seen })).isFirst).toBe(false)
})

test('one whose lock was taken by force is told', async () => {
  const { taking, lost } = store()
  await taking('Ana')
  await taking('Bo', { force: true })
  await vi.advanceTimersByTimeAsync(5 * MINUTE)
  expect(lost).toContain('Bo')
})
