/** A clock that stands until it is moved, and clients that sign by it. */
import type { Clock } from '../../src/cloud/kernel/clock.ts'

const MINUTE = 60_000

export class HandClock implements Clock {
  private time = Math.ceil(Date.now() / MINUTE) * MINUTE
  private readonly sleepers = new Set<{ at: number; wake: () => void }>()

  now(): number {
    return this.time
  }

  date(): Date {
    return new Date(this.time)
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((wake) => {
      if (signal?.aborted) return wake()
      const sleeper = { at: this.time + milliseconds, wake }
      this.sleepers.add(sleeper)
      signal?.addEventListener('abort', () => wake())
    })
  }

  /** Moves on, minute by minute unless said otherwise, and lets those go on whose time has come. */
  async pass(minutes: number, step = MINUTE): Promise<void> {
    const end = this.time + minutes * MINUTE
    while (this.time < end) {
      this.time = Math.min(end, this.time + step)
      for (const sleeper of this.sleepers)
        if (sleeper.at <= this.time) {
          this.sleepers.delete(sleeper)
          sleeper.wake()
        }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Signatures carry the time; a client would go by the computer's. */
  lead<C extends { readonly config: object }>(client: C): C {
    Object.defineProperty(client.config, 'systemClockOffset', {
      get: () => this.now() - Date.now(),
      set: () => undefined,
    })
    return client
  }
}
