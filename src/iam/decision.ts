/** What the evaluator answers: a value with its reasons, never an exception. */

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
export interface StatementReason {
  readonly policyType: PolicyType
  /** The label the policy was compiled with: a policy's name or ARN. */
  readonly policy: string
  /** Place of the statement in its policy, from 0. */
  readonly index: number
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
}

/** A statement that speaks of this action, and the first part of it that did not match. */
export interface NearMiss extends StatementReason {
  /** `principal`, `action`, `resource`, or `condition`. */
  readonly failed: 'principal' | 'action' | 'resource' | 'condition'
  /** In words: `StringEquals aws:SourceAccount: wanted "111111111111", got "222222222222"`. */
  readonly detail: string
}

export interface Decision {
  readonly effect: 'allowed' | 'explicitDeny' | 'implicitDeny'
  /** Statements that allowed it, or the one that denied it. */
  readonly decidedBy: readonly StatementReason[]
  /** For `implicitDeny`: the kind of policy that has no allow. The one AWS names in its message. */
  readonly missing?: PolicyType
  /** AWS's own wording for a denial; empty when allowed. */
  readonly message: string
}
