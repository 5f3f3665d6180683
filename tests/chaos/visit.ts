/** What a system's life on a cloud that is killed goes by. */
import type { ChildCloud } from './child-cloud.ts'
import type { Killer } from './killer.ts'
import type { Ledger } from './ledger.ts'
import type { PatientAccounts } from './patient-accounts.ts'
import type { Random } from './random.ts'
import type { Found } from './tally.ts'

export interface Visit {
  readonly cloud: ChildCloud
  readonly killer: Killer
  readonly accounts: PatientAccounts
  readonly ledger: Ledger
  readonly random: Random
  readonly find: (kind: Found, what: string) => void
  /** Counts a deployment of a fleet, and whether it took more than one run: then with what failed last. */
  readonly deployed: (runs: number, failure?: string) => void
}

/** A system that lives on a cloud: deploys itself, runs, is brought changes, and in the end deletes what it made. */
export interface System {
  readonly name: string
  readonly accounts: readonly string[]
  live(visit: Visit): Promise<void>
}
