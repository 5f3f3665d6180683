/** Which policy, and which statement of it, is meant: references that logic compares and that words are made of. */
import type { Arn } from './arn.ts'

/** A place of an organization that policies are attached to. */
export interface OrganizationPlace {
  readonly kind: 'root' | 'unit' | 'account'
  /** As Organizations knows it; absent where a template makes it, or nobody tells. */
  readonly id?: string
  readonly name?: string
}

/** A policy, by what it is on. */
export interface PolicyRef {
  /** `supposed`: written here in the place of one that nobody knows, or as if it were there. */
  readonly kind:
    | 'identity'
    | 'managed'
    | 'boundary'
    | 'session'
    | 'trust'
    | 'resource'
    | 'service control'
    | 'resource control'
    | 'grant'
    | 'supposed'
  /** Whom or what it is on; a managed policy, which may be on many, stands for itself. */
  readonly owner: Arn | OrganizationPlace
  /** Absent for the owner's only one, and for one that is still to be written. */
  readonly name?: string
  /** Its own, which AWS names in denials; inline, trust and resource policies have none. */
  readonly arn?: Arn
  /** The service of a resource whose ARN is not known. */
  readonly service?: string
}

/** A statement of a policy. */
export interface StatementRef {
  readonly policy: PolicyRef
  /** Its place in the policy, from 0. */
  readonly index: number
  readonly sid?: string
}

/** Gives a policy that is written into one user, role or group. */
export const inlinePolicy = (owner: Arn, name?: string): PolicyRef =>
  name === undefined ? { kind: 'identity', owner } : { kind: 'identity', owner, name }

/** Gives a managed policy of a customer or of AWS. */
export const managedPolicyRef = (arn: Arn): PolicyRef => ({ kind: 'managed', owner: arn, arn })

/** Gives a role's trust policy. */
export const trustPolicyOf = (role: Arn): PolicyRef => ({ kind: 'trust', owner: role })

/** Gives the policy of a bucket, key, topic …; `service` tells what it is where that has no ARN yet. */
export const resourcePolicyOf = (owner: Arn, service?: string): PolicyRef =>
  service === undefined || owner.startsWith('arn:')
    ? { kind: 'resource', owner }
    : { kind: 'resource', owner, service }

/** Gives a policy that is nobody's: one that is written in the place of another, or as if it were there. */
export const supposedPolicy = (name: string): PolicyRef => ({ kind: 'supposed', owner: '', name })

/** Gives a text that is the same for references to the same policy only, to gather by. */
export function policyKey({ kind, owner, name, arn, service }: PolicyRef): string {
  if (arn !== undefined && kind === 'managed') return arn
  const place = typeof owner === 'string' ? owner : `${owner.kind}\n${owner.id ?? ''}\n${owner.name ?? ''}`
  return `${kind}\n${place}\n${name ?? ''}\n${arn ?? ''}\n${service ?? ''}`
}

/** Whether two references mean the same policy. */
export const isSamePolicy = (one: PolicyRef, other: PolicyRef): boolean =>
  one === other || policyKey(one) === policyKey(other)
