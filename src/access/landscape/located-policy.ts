/** A policy as the landscape holds it. */
import type { CompiledPolicy } from '../../iam/index.ts'
import type { Origin } from './placed-template.ts'

/** A policy with the place where it can be changed. */
export interface LocatedPolicy {
  readonly policy: CompiledPolicy
  readonly origin: Origin
  /** Bytes that count against the quota: the document without white space. */
  readonly bytes: number
}
