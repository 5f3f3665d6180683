/** What the evaluator answers: a value with its reasons, never an exception. */
import type { StatementRef } from '../model/index.ts'

/** The kinds of policy that can decide, in AWS's own words. */
export type PolicyType =
  | 'identity-based policy'
  | 'resource-based policy'
  | 'permissions boundary'
  | 'session policy'
  | 'service control policy'
  | 'resource control policy'
  | 'role trust policy'
  | 'grant'

/** One statement that matched, or a condition away from it. */
export interface StatementReason extends StatementRef {
  readonly policyType: PolicyType
  readonly effect: 'Allow' | 'Deny'
}

/** A statement that speaks of this action, and the first part of it that did not match. */
export interface NearMiss extends StatementReason {
  /** `principal`, `action`, `resource`, or `condition`. */
  readonly failed: 'principal' | 'action' | 'resource' | 'condition'
  /** The key of the condition that failed. */
  readonly key?: string
  /** In words: `StringEquals aws:SourceAccount: wanted "111111111111", got "222222222222"`. */
  readonly detail: string
}

/** Rules of services that no policy can change. */
export type DecidingRule = 'foreign key' | 'foreign pass role' | 'open operation' | 'root assumes role'

export interface Decision {
  readonly effect: 'allowed' | 'explicitDeny' | 'implicitDeny'
  /** Statements that allowed it, or the one that denied it. */
  readonly decidedBy: readonly StatementReason[]
  /** For `implicitDeny`: the kind of policy that has no allow. The one AWS names in its message. */
  readonly missing?: PolicyType
  /** The rule of a service that decided before any policy was read. */
  readonly rule?: DecidingRule
  /** AWS's own wording for a denial; empty when allowed. */
  readonly message: string
}
