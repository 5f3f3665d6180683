/** What is looked at and steered: one fleet's pipelines where they live, and the way to them. */
import type { Accounts } from '../aws/index.ts'
import type { Assembly, Target } from '../model/index.ts'

export interface LiveFleet {
  readonly accounts: Accounts
  /** Where the pipelines are. */
  readonly hub: Target
  /** What the fleet's file makes: what the pipelines should be, and where their policies stand. */
  readonly assembly: Assembly
}
