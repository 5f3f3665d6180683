/** How a quota of AWS is declared and counted. */
import type { Landscape } from '../../landscape/landscape.ts'
import type { Origin } from '../../landscape/placed-template.ts'

/** One thing that a quota limits. */
export interface Counted {
  /** What it is: `trust policy of arn:…`. */
  readonly subject: string
  readonly used: number
  readonly origin?: Origin
}

export interface Quota {
  /** kebab-case, stable. */
  readonly id: string
  readonly summary: string
  readonly limit: number
  /** `bytes`, `characters`, `actions` … */
  readonly unit: string
  /** What to change when it gets tight, in one sentence. */
  readonly relief: string
  /** Whether more than the limit is refused; some of AWS's limits are doubtful or may be raised. Default true. */
  readonly hard?: boolean
  count(landscape: Landscape): Counted[]
}

export interface QuotaUse {
  readonly quota: string
  readonly subject: string
  readonly used: number
  readonly limit: number
  readonly unit: string
  /** `tight` from 80 % on. */
  readonly state: 'fine' | 'tight' | 'over'
  readonly message: string
  readonly origin?: Origin
}

/** From this part of a limit on it is called tight. */
const TIGHT = 0.8

/** Gives the uses of a quota. */
export function usesOf(quota: Quota, landscape: Landscape): QuotaUse[] {
  const { id, limit, unit, relief, hard = true } = quota
  return quota.count(landscape).map(({ subject, used, origin }) => {
    const state = used > limit && hard ? 'over' : used >= limit * TIGHT ? 'tight' : 'fine'
    const message = `${subject} uses ${used} of ${limit} ${unit}: ${relief}.`
    return { quota: id, subject, used, limit, unit, state, message, ...(origin && { origin }) }
  })
}
