/** Kills a cloud at moments drawn from a seed, counted in calls that its users make. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChildCloud } from './child-cloud.ts'
import { between, type Random } from './random.ts'

export interface Pace {
  /** Kills in all. */
  readonly most: number
  /** Most calls from one kill to the next. */
  readonly calls: number
}

/** How long after the drawn call the kill may come, in milliseconds: while it is answered, or by what it set off. */
const AFTER_CALL = 60
/** The share of acknowledged writes that a kill follows before anything else can happen. */
const AT_ONCE = 0.06

export class Killer {
  private readonly cloud: ChildCloud
  private readonly random: Random
  private readonly pace: Pace
  private callsLeft: number
  private striking: Promise<void> | undefined
  private resting = false
  /** Why the cloud could not be started again. */
  failure: Error | undefined

  constructor(cloud: ChildCloud, random: Random, pace: Pace) {
    this.cloud = cloud
    this.random = random
    this.pace = pace
    this.callsLeft = between(random, 1, pace.calls)
  }

  /** Is told of every call before it is sent. */
  readonly call = (): void => {
    if (this.resting || this.striking || this.cloud.kills.length >= this.pace.most) return
    if (--this.callsLeft > 0) return
    this.callsLeft = between(this.random, 1, this.pace.calls)
    this.striking = this.strike(this.random() * AFTER_CALL)
  }

  /** Is told of every write that was acknowledged: some are followed by a kill at once. */
  readonly acknowledged = (): void => {
    if (this.resting || this.striking || this.cloud.kills.length >= this.pace.most) return
    if (this.random() < AT_ONCE) this.striking = this.strike(0)
  }

  private async strike(delay: number): Promise<void> {
    if (delay) await sleep(delay)
    try {
      await this.cloud.killAndRestart()
    } catch (error) {
      this.failure = error as Error
      this.resting = true
    } finally {
      this.striking = undefined
    }
  }

  /** Kills no more, and resolves once the cloud runs. Errors: it could not be started again. */
  async rest(): Promise<void> {
    this.resting = true
    await this.striking
    if (this.failure) throw this.failure
  }
}
