import { describe, expect, it } from 'vitest'
import type { Cloud, Part } from './cloud.ts'
import { Parts } from './parts.ts'
import { cancelTimer, setTimer } from './timers.ts'

const DAY = 24 * 60 * 60_000

/** A cloud whose time only moves when it is told to. */
function stillCloud() {
  const stop = new AbortController()
  let now = 0
  const sleepers = new Set<{ at: number; wake: () => void }>()
  const parts = new Parts()
  const cloud: Cloud = {
    part: (one: Part<unknown>): unknown => parts.of(one, cloud),
    signal: stop.signal,
    clock: {
      now: () => now,
      sleep: (milliseconds: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          expect(milliseconds).toBeLessThan(2 ** 31)
          const sleeper = { at: now + milliseconds, wake: resolve }
          sleepers.add(sleeper)
          signal?.addEventListener('abort', () => resolve())
        }),
    },
    bug: (where: string, error: unknown) => {
      throw new Error(`${where}: ${error}`)
    },
  } as unknown as Cloud
  const pass = async (milliseconds: number) => {
    now += milliseconds
    for (const sleeper of sleepers)
      if (sleeper.at <= now) {
        sleepers.delete(sleeper)
        sleeper.wake()
      }
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { cloud, pass, stop }
}

describe('timers', () => {
  it('call back at their time, also when it is sixty days off', async () => {
    const { cloud, pass } = stillCloud()
    let called = 0
    setTimer(cloud, 'a', 60 * DAY, () => called++)
    await pass(30 * DAY)
    await pass(29 * DAY)
    expect(called).toBe(0)
    await pass(DAY)
    expect(called).toBe(1)
    await pass(DAY)
    expect(called).toBe(1)
  })

  it('start anew when they are set again, and never call back once cancelled', async () => {
    const { cloud, pass } = stillCloud()
    const called: string[] = []
    setTimer(cloud, 'a', 10, () => called.push('first'))
    setTimer(cloud, 'a', 20, () => called.push('second'))
    setTimer(cloud, 'b', 10, () => called.push('cancelled'))
    cancelTimer(cloud, 'b')
    await pass(10)
    expect(called).toEqual([])
    await pass(10)
    expect(called).toEqual(['second'])
  })

  it('end with the cloud', async () => {
    const { cloud, pass, stop } = stillCloud()
    let called = 0
    setTimer(cloud, 'a', 10, () => called++)
    stop.abort()
    await pass(10)
    expect(called).toBe(0)
  })
})
