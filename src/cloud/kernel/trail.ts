/** The trail: every authorized or denied call, in order, as the witness of what a pipeline really used. */
import type { ConditionContext, Decision, DenialExplanation } from '../../iam/index.ts'
import type { Arn } from '../../model/index.ts'

/** Why a call was denied, as people are told. */
export type RecordedDenial = Pick<DenialExplanation, 'saidNo' | 'close' | 'remedies'>

export interface TrailEntry {
  /** Milliseconds since 1970. */
  readonly time: number
  readonly requestId: string
  /** `service:Action`, as policies name it. */
  readonly action: string
  readonly resource: Arn
  /** The API operation in whose course it was checked: `s3:GetObject` asks for `kms:Decrypt`. */
  readonly operation: string
  /** As in error messages. */
  readonly caller: Arn
  /** The role's ARN for a session; the value of aws:PrincipalArn. */
  readonly principal: Arn
  readonly account: string
  readonly region: string
  readonly context: ConditionContext
  readonly decision: Decision
  /** Denials only. */
  readonly denial?: RecordedDenial
  /** In the course of what it was called, where that is known: the id of a pipeline's action execution. */
  readonly cause?: string
}

const LIMIT = 200_000

export class Trail {
  private list: TrailEntry[] = []
  private readonly listeners = new Set<(entry: TrailEntry) => void>()

  record(entry: TrailEntry): void {
    this.list.push(entry)
    if (this.list.length > LIMIT) this.list = this.list.slice(LIMIT / 10)
    for (const listener of this.listeners) listener(entry)
  }

  /** Oldest first; the oldest tenth is dropped past 200,000 entries. */
  entries(): readonly TrailEntry[] {
    return this.list
  }

  clear(): void {
    this.list = []
  }

  /** Calls back for every entry from now on; gives the function that ends it. */
  listen(listener: (entry: TrailEntry) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}
