/** A clock that goes as the computer's does, and can be put forward. */
import type { Clock } from '../../src/cloud/kernel/clock.ts'
import { MINUTE } from '../conformance/hand-clock.ts'

export class AheadClock implements Clock {
  #ahead = 0
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>()

  now(): number {
    return Date.now() + this.#ahead
  }

  date(): Date {
    return new Date(this.now())
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted) return wake()
      const timer = setTimeout(() => end(), milliseconds)
      const sleeper = { at: this.now() + milliseconds, wake: () => end() }
      const end = () => {
        clearTimeout(timer)
        this.#sleepers.delete(sleeper)
        wake()
      }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', end)
    })
  }

  /** Puts it forward, and lets those go on whose time has come. AWS: signatures hold for a quarter of an hour. */
  pass(minutes: number): void {
    this.#ahead += minutes * MINUTE
    for (const { at, wake } of [...this.#sleepers]) if (at <= this.now()) wake()
  }

  /** Signatures carry the time; a client would go by the computer's. */
  lead<C extends { readonly config: object }>(client: C): C {
    Object.defineProperty(client.config, 'systemClockOffset', {
      get: () => this.#ahead,
      set: () => undefined,
    })
    return client
  }
}
