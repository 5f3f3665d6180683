/** What a rule of one service adds to the general evaluation. */
import type { Decision, PolicyType, StatementReason } from '../decision.ts'
import type { Facts } from '../facts.ts'
import type { Verdict } from '../scan.ts'

export interface ServiceRule {
  /** Named in the documentation of what is proven. */
  readonly name: string
  /** The action's prefix, `kms`. */
  readonly service: string
  /** The action names in lower case without prefix; absent for all of the service. */
  readonly actions?: ReadonlySet<string>
  /** Tells whether the rule speaks of this request, beyond its action. */
  readonly appliesTo?: (facts: Facts) => boolean
  /** Decides before any policy is read. */
  readonly settle?: (facts: Facts) => Decision | undefined
  /** AWS: inside the account too, nothing is allowed that the resource policy does not allow. */
  readonly resourcePolicyRules?: true
  /** What the resource policy is called in reasons and messages. */
  readonly resourcePolicyType?: PolicyType
  /** Where the resource policy is a KMS key policy some condition keys do not exist. */
  readonly isKeyPolicy?: true
  /** Changes what the resource policy says. */
  readonly adjust?: (verdict: Verdict, facts: Facts) => void
  /** Gives a permission from outside the policies, and whether it is limited as one given to a role. */
  readonly permit?: (facts: Facts) => Permit | undefined
  /** Words a denial by a kind of policy, or for want of an allow in it, where AWS has words of its own. */
  readonly message?: (facts: Facts, policyType: PolicyType) => string | undefined
}

/** A permission that comes from no policy statement. */
export interface Permit {
  readonly reason: StatementReason
  /** True where boundary and session policies still limit it. */
  readonly limited: boolean
  /** True where the caller's identity policies must allow as well. */
  readonly delegated: boolean
}
