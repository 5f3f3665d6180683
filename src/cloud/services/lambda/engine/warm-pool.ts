/** Warm function processes: one per concurrent invocation of a version, reused, ended when idle or out of date. */
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import type { FunctionVersion, StoredFunction } from '../state.ts'
import { startProcess, type Warm } from './start-process.ts'

/** Processes that run at the same time on this machine; further invocations wait for one to finish. */
const RUNNING_LIMIT = 50
/** Milliseconds a process is kept without an invocation. */
const IDLE_TIME = 120_000
/** Milliseconds of life the role's credentials must have left beyond the function's timeout. */
const MARGIN = 60_000

class WarmPool {
  private readonly idle = new Map<string, Warm[]>()
  private readonly all = new Set<Warm>()
  private readonly waiting: (() => void)[] = []
  private readonly inFlight = new Map<string, number>()
  private running = 0

  /** How many invocations of a function are going on. */
  concurrency(functionArn: string): number {
    return this.inFlight.get(functionArn) ?? 0
  }

  /** Gives the work a process of this version for itself. Errors: those of starting one. */
  async use<T>(
    ctx: Context,
    stored: StoredFunction,
    version: FunctionVersion,
    work: (warm: Warm) => Promise<T>,
  ): Promise<T> {
    this.count(stored.arn, 1)
    let warm: Warm | undefined
    try {
      if (this.running >= RUNNING_LIMIT) await new Promise<void>((resolve) => this.waiting.push(resolve))
      else this.running++
      try {
        warm = this.takeIdle(ctx, stored, version) ?? (await this.start(ctx, stored, version))
        return await work(warm)
      } finally {
        if (warm) this.release(warm)
        const next = this.waiting.shift()
        if (next) next()
        else this.running--
      }
    } finally {
      this.count(stored.arn, -1)
    }
  }

  private count(functionArn: string, by: number): void {
    this.inFlight.set(functionArn, this.concurrency(functionArn) + by)
  }

  private async start(ctx: Context, stored: StoredFunction, version: FunctionVersion): Promise<Warm> {
    const warm = await startProcess(ctx, stored, version)
    this.all.add(warm)
    return warm
  }

  private takeIdle(ctx: Context, stored: StoredFunction, version: FunctionVersion): Warm | undefined {
    const list = this.idle.get(`${stored.arn}:${version.version}`) ?? []
    const needed = ctx.cloud.clock.now() + version.timeout * 1000 + MARGIN
    for (let warm = list.pop(); warm; warm = list.pop()) {
      clearTimeout(warm.idleTimer)
      if (warm.process.alive && warm.generation === version.generation && warm.expiresAt > needed) return warm
      this.end(warm)
    }
    return undefined
  }

  private release(warm: Warm): void {
    if (!warm.process.alive || warm.retired) return this.end(warm)
    const list = this.idle.get(warm.key) ?? []
    this.idle.set(warm.key, list)
    list.push(warm)
    warm.idleTimer = setTimeout(() => {
      list.splice(list.indexOf(warm), 1)
      this.end(warm)
    }, IDLE_TIME).unref()
  }

  /** Ends a function's idle processes now and its busy ones when they are done. */
  retire(functionArn: string): void {
    for (const warm of this.all) {
      if (!warm.key.startsWith(`${functionArn}:`)) continue
      warm.retired = true
      const list = this.idle.get(warm.key) ?? []
      const at = list.indexOf(warm)
      if (at < 0) continue
      list.splice(at, 1)
      this.end(warm)
    }
  }

  private end(warm: Warm): void {
    clearTimeout(warm.idleTimer)
    this.all.delete(warm)
    warm.process.kill()
  }

  endAll(): void {
    for (const warm of this.all) this.end(warm)
  }
}

const pool = part({
  name: 'processes of functions',
  make: (cloud) => {
    const made = new WarmPool()
    // At once: work in the background waits for what they answer, and the cloud for that work.
    cloud.signal.addEventListener('abort', () => made.endAll())
    return made
  },
  end: (made) => made.endAll(),
})

/** The cloud's processes; all end with the cloud. */
export const warmPool = (cloud: Cloud): WarmPool => cloud.part(pool)
