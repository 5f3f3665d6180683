/** How many stacks are at work at once: in one account and region, and in all. */
import type { Target } from '../model/index.ts'

export interface Concurrency {
  /** Stacks at work in one account and region. */
  readonly perTarget: number
  readonly total: number
}

/** See docs/decisions/0009-patience.md for where these come from. */
export const CONCURRENCY: Concurrency = { perTarget: 20, total: 100 }

/** Runs pieces of work as places become free; in the order given, but for those whose account and region is full. */
export class Slots {
  private readonly concurrency: Concurrency
  private readonly busy = new Map<string, number>()
  private total = 0
  /** Waiting work by account and region, so that a full one is passed over without looking at all that waits there. */
  private readonly waiting = new Map<string, (() => void)[]>()

  constructor(concurrency: Concurrency) {
    this.concurrency = concurrency
  }

  async run<T>({ account, region }: Target, work: () => Promise<T>): Promise<T> {
    const key = `${account}/${region}`
    await new Promise<void>((resolve) => {
      const queue = this.waiting.get(key) ?? []
      this.waiting.set(key, queue)
      queue.push(resolve)
      this.fill()
    })
    try {
      return await work()
    } finally {
      this.busy.set(key, this.busyAt(key) - 1)
      this.total--
      this.fill()
    }
  }

  private busyAt(key: string): number {
    return this.busy.get(key) ?? 0
  }

  private fill(): void {
    while (this.total < this.concurrency.total) {
      const key = this.leastBusy()
      if (key === undefined) return
      const queue = this.waiting.get(key)!
      const start = queue.shift()!
      if (queue.length === 0) this.waiting.delete(key)
      this.busy.set(key, this.busyAt(key) + 1)
      this.total++
      start()
    }
  }

  /** So that the places are shared out evenly among accounts and regions. */
  private leastBusy(): string | undefined {
    let found: string | undefined
    for (const key of this.waiting.keys())
      if (this.busyAt(key) < (found === undefined ? this.concurrency.perTarget : this.busyAt(found)))
        found = key
    return found
  }
}
