import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { collectWhenIdle } from './collect-when-idle.ts'

const MEGABYTE = 1024 * 1024
const LOOK = 2000
let rss = 0
/** Microseconds of work in each pause between two looks. */
let work = 0
/** How often the memory was looked at; once more than there were looks for each collection. */
let seen = 0
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.spyOn(process.memoryUsage, 'rss').mockImplementation(() => {
    seen++
    return rss * MEGABYTE
  })
  vi.spyOn(process, 'cpuUsage').mockImplementation((since) => ({ user: since ? work : 0, system: 0 }))
  rss = 100
  stop = collectWhenIdle()
  seen = 0
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
