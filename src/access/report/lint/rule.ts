/** How a rule about granted but wrong things is declared. */
import type { Finding } from '../../landscape/finding.ts'
import type { Landscape } from '../../landscape/landscape.ts'
import type { Proof } from '../../proof/proof.ts'

export type FindingDetails = Omit<Finding, 'rule'>

export interface LintRule {
  /** kebab-case, stable: people write it into their configuration. */
  readonly id: string
  /** What the rule is about, for a list of rules. */
  readonly summary: string
  find(subject: LintSubject): FindingDetails[]
}

export interface LintSubject {
  readonly landscape: Landscape
  readonly proof: Proof
  /** Whether the templates hold everything there is. */
  readonly complete: boolean
}

/** Names of the artifact buckets of all pipelines. */
export const artifactBuckets = ({ pipelines }: Landscape): ReadonlySet<string> =>
  new Set(
    pipelines.flatMap(({ declaration: { artifactStore, artifactStores = {} } }) =>
      [artifactStore, ...Object.values(artifactStores)].flatMap((store) => store?.location ?? []),
    ),
  )
