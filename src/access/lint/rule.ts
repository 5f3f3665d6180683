/** How a rule about granted but wrong things is declared. */
import type { PolicyStatement } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import type { LocatedPolicy } from '../landscape/located-policy.ts'
import type { Origin } from '../landscape/placed-template.ts'
import type { Proof } from '../prove/proof.ts'

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

/** Gives the statements of a policy with their places, from 0. */
export const statementsOf = ({ policy }: LocatedPolicy): [PolicyStatement, number][] =>
  [policy.document.Statement].flat().map((statement, index) => [statement as PolicyStatement, index])

/** `statement "Sid"`, or its place counted from 1. */
export const nameOf = ({ Sid }: PolicyStatement, index: number): string =>
  Sid ? `statement "${Sid}"` : `statement ${index + 1}`

/** A list for one value or many. */
export const listOf = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/** The names under `AWS` in a Principal element; `*` for everyone. */
export const awsPrincipals = ({ Principal }: PolicyStatement): readonly string[] =>
  Principal === undefined ? [] : Principal === '*' ? ['*'] : listOf(Principal.AWS)

/** Every condition of a statement: operator, key in lower case, values. */
export const conditionsOf = ({ Condition = {} }: PolicyStatement): [string, string, readonly string[]][] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]): [string, string, readonly string[]] => [
      operator,
      key.toLowerCase(),
      listOf(values).map(String),
    ]),
  )

/** Names of the artifact buckets of all pipelines. */
export const artifactBuckets = ({ pipelines }: Landscape): ReadonlySet<string> =>
  new Set(
    pipelines.flatMap(({ declaration: { artifactStore, artifactStores = {} } }) =>
      [artifactStore, ...Object.values(artifactStores)].flatMap((store) => store?.location ?? []),
    ),
  )
