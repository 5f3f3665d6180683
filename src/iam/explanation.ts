/** What an explanation says: the decision, and every policy that had a say with what it saw. */
import type { PolicyRef } from '../model/index.ts'
import type { Decision, NearMiss, PolicyType, StatementReason } from './decision.ts'

/** One condition of a statement, with the value that the request gave. */
export interface ConditionFinding {
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  /** Undefined where the request has no such key. */
  readonly got: string | readonly string[] | undefined
  readonly held: boolean
}

/** One statement that speaks of the action, or would if it named it. */
export interface StatementFinding extends StatementReason {
  readonly matched: boolean
  readonly failed?: NearMiss['failed']
  readonly key?: NearMiss['key']
  /** In words, when it did not match. */
  readonly detail?: string
  readonly conditions: readonly ConditionFinding[]
}

export interface PolicyFinding {
  readonly policyType: PolicyType
  readonly policy: PolicyRef
  readonly verdict: 'allows' | 'denies' | 'silent'
  readonly statements: readonly StatementFinding[]
}

export interface Explanation {
  readonly decision: Decision
  /** In the order in which AWS reads them. */
  readonly policies: readonly PolicyFinding[]
  /** The statements that failed, those with the most fitting parts first. */
  readonly nearMisses: readonly NearMiss[]
  /** Names of the service rules that apply beside the general evaluation. */
  readonly rules: readonly string[]
}
