/** The calls to one service in one account and region: how many go out at once, and how the service takes them. */

/** Calls that may be under way at once. Node's SDK opens 50 connections a client and queues, with a warning, what is more. */
const MOST = 40
const FIRST = 20

/**
 * Adapts to throttling as TCP does to loss: half as many at once after a refusal, a little more after each success.
 * AWS: rates are not published for most calls and differ by account, so that they can only be felt out.
 */
export class Lane {
  /** When the trouble began that no success has ended yet. */
  troubledSince: number | undefined
  private limit = FIRST
  private busy = 0
  private entered = 0
  /** Calls up to this one went out before the limit was last cut: what they meet says nothing about the new one. */
  private cutAt = 0
  private readonly queue: (() => void)[] = []

  /** Resolves with the call's number once it may go out; `leave` must follow. */
  async enter(): Promise<number> {
    if (this.busy >= Math.floor(this.limit)) await new Promise<void>((resolve) => this.queue.push(resolve))
    else this.busy++
    return ++this.entered
  }

  leave(): void {
    this.busy--
    while (this.queue.length && this.busy < Math.floor(this.limit)) {
      this.busy++
      this.queue.shift()!()
    }
  }

  succeeded(): void {
    this.troubledSince = undefined
    this.limit = Math.min(MOST, this.limit + 1 / this.limit)
  }

  throttled(call: number): void {
    if (call <= this.cutAt) return
    this.limit = Math.max(1, this.limit / 2)
    this.cutAt = this.entered
  }
}
