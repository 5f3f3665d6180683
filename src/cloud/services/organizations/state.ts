/** What Organizations keeps: the root, organizational units, member accounts and policies, once for all accounts. */
import { collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

/** The policy types that the embedded cloud carries out. */
export type ControlPolicyType = 'SERVICE_CONTROL_POLICY' | 'RESOURCE_CONTROL_POLICY'

/** What policies can be attached to. */
export interface TargetRecord {
  readonly id: string
  /** Policy ids by type. Absent for a type: only AWS's own policy, which allows everything. */
  readonly attached: Partial<Readonly<Record<ControlPolicyType, readonly string[]>>>
  readonly tags: Tags
}

export interface RootRecord extends TargetRecord {
  readonly enabled: readonly ControlPolicyType[]
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface UnitRecord extends TargetRecord {
  readonly name: string
  /** The id of the root or of another unit. */
  readonly parent: string
}

export interface MemberRecord extends TargetRecord {
  readonly parent: string
  readonly joinedAt: number
}

export interface PolicyRecord {
  readonly id: string
  readonly type: ControlPolicyType
  readonly name: string
  readonly description: string
  /** JSON text, as it was given. */
  readonly content: string
  readonly tags: Tags
}

/** All by id. There is one root. */
export const roots = collection<RootRecord>('organizations.roots')
export const units = collection<UnitRecord>('organizations.units')
export const members = collection<MemberRecord>('organizations.members')
export const policies = collection<PolicyRecord>('organizations.policies')
