import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectWhenIdle } from './collect-when-idle.ts'

const MEGABYTE = 1024 * 1024
const LOOK = 2000
let rss = 0
/** Microseconds of work in each pause between two looks. */
let work = 0
/** How often processor time was taken: once by each look, and once more behind a collection. */
let seen = 0
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => rss * MEGABYTE)
  vi.spyOn(process, 'cpuUsage').mockImplementation((since) => {
    if (!since) seen++
    return { user: since ? work : 0, system: 0 }
  })
  rss = 100
  stop = collectWhenIdle()
})
afterEach(() => {
  stop()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Whether the next look collects. */
function collects(now: { rss: number; work?: number }): boolean {
  rss = now.rss
  work = now.work ?? 0
  seen = 0
  vi.advanceTimersByTime(LOOK)
  return seen === 2
}

test('collects when it has grown and has nothing to do, and then not before it has grown again', () => {
  expect(collects({ rss: 147 })).toBe(false)
  expect(collects({ rss: 148 })).toBe(true)
  expect(collects({ rss: 195 })).toBe(false)
  expect(collects({ rss: 196 })).toBe(true)
})

test('collects once more when it has had nothing to do for three looks in a row', () => {
  const idle = () => collects({ rss: 148 })
  expect([idle(), idle(), idle()]).toEqual([true, false, false])
  expect(collects({ rss: 148, work: 100_000 })).toBe(false)
  expect([idle(), idle(), idle(), idle(), idle(), idle(), idle()]).toEqual([
    false,
    false,
    true,
    false,
    false,
    false,
    false,
  ])
})

test('does not collect in the midst of work', () => {
  expect(collects({ rss: 500, work: 100_000 })).toBe(false)
  expect(collects({ rss: 500, work: 99_000 })).toBe(true)
})

test('what nobody holds is gone then', async () => {
  const held = new WeakRef({})
  // In the turn that made it a reference holds on to its object.
  await new Promise((resolve) => setImmediate(resolve))
  expect(collects({ rss: 148 })).toBe(true)
  expect(held.deref()).toBeUndefined()
})

test('ends when it is told to', () => {
  stop()
  expect(collects({ rss: 500 })).toBe(false)
})
