/** What a look at templates or live accounts comes upon. */
import type { Origin } from './placed-template.ts'

export type Severity = 'error' | 'warning'

/** Something that is legal or looks so, and wrong. */
export interface Finding {
  /** Id of the rule. */
  readonly rule: string
  readonly severity: Severity
  /** In one sentence. */
  readonly message: string
  /** What to do, in one sentence. */
  readonly fix: string
  readonly origin?: Origin
}
