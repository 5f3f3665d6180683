/** What the evaluator is asked: one principal, one action, one resource, and every policy that has a say. */
import type { Arn } from '../model/index.ts'
import type { CompiledPolicy } from './policy.ts'

/** Values of condition keys; key names compare without regard to case. A list is a multivalued key. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>

/** Who calls, with the policies that limit the caller. */
export interface Caller {
  /**
   * `root` is the account's root user; `user` an IAM user; `role` a session of an assumed role;
   * `service` an AWS service acting by itself; `anonymous` an unsigned call.
   */
  readonly kind: 'root' | 'user' | 'role' | 'service' | 'anonymous'
  /** The caller's account; empty for `service` and `anonymous`. */
  readonly account: string
  /** As in an error message: user ARN, root ARN, or `arn:aws:sts::…:assumed-role/Role/session`. */
  readonly arn: Arn
  /** For a role session the role's ARN with its path (the value of aws:PrincipalArn), else the same as `arn`. */
  readonly principalArn: Arn
  /** For `service`: its principal, `codepipeline.amazonaws.com`. */
  readonly service?: string
  /**
   * For an unsigned call with a web identity or SAML assertion: the identity provider as a trust policy names it
   * under `Federated`.
   */
  readonly federated?: string
  /** The account's canonical user id, when the resource policy may name it under `CanonicalUser`. */
  readonly canonicalUser?: string
  readonly identityPolicies: readonly CompiledPolicy[]
  readonly boundary?: CompiledPolicy
  /** Policies handed to AssumeRole; absent means not limited. */
  readonly sessionPolicies?: readonly CompiledPolicy[]
  /** Service control policies, one list per level from the organization's root down to the account. */
  readonly serviceControlPolicies?: readonly (readonly CompiledPolicy[])[]
}

/** A KMS grant as far as authorization needs it. */
export interface KeyGrant {
  readonly id: string
  readonly granteePrincipal: Arn
  readonly retiringPrincipal?: Arn
  /** Operation names without prefix, `Decrypt`. */
  readonly operations: readonly string[]
  readonly encryptionContextEquals?: Readonly<Record<string, string>>
  readonly encryptionContextSubset?: Readonly<Record<string, string>>
}

/** The S3 Block Public Access settings in force for a bucket (bucket and account together). */
export interface PublicAccessBlock {
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

export interface AuthorizationRequest {
  readonly caller: Caller
  /** `service:Action`. */
  readonly action: string
  readonly resource: Arn
  /** The account that owns the resource; absent means the caller's own. */
  readonly resourceAccount?: string
  /** Bucket, key, topic or trust policy … of the resource. */
  readonly resourcePolicy?: CompiledPolicy
  readonly resourceControlPolicies?: readonly (readonly CompiledPolicy[])[]
  readonly grants?: readonly KeyGrant[]
  readonly publicAccessBlock?: PublicAccessBlock
  /** False makes S3 answer a bare `Access Denied` across accounts, as AWS does outside one organization. */
  readonly sameOrganization?: boolean
  /** How the message speaks of the resource where the call does not name it, as kms:Decrypt without a key id. */
  readonly resourceInWords?: string
  /** Condition keys of the call; the evaluator adds those that follow from the caller (aws:PrincipalArn, …). */
  readonly context: ConditionContext
}
