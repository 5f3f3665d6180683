/** The organization as the gateway asks it: which accounts belong to it, where they stand, and what limits them. */
import type { CompiledPolicy } from '../../iam/index.ts'

/** What follows for an account from its place in the organization. */
export interface Membership {
  /** The value of aws:PrincipalOrgPaths, aws:ResourceOrgPaths and aws:SourceOrgPaths. */
  readonly paths: readonly string[]
  /**
   * One list per level from the root down to the account; absent where they limit nothing.
   * AWS: the management account is never limited.
   */
  readonly serviceControlPolicies?: readonly (readonly CompiledPolicy[])[]
  readonly resourceControlPolicies?: readonly (readonly CompiledPolicy[])[]
}

/** The Organizations service gives it, the gateway asks it on every call. */
export interface Organization {
  /** `o-crossdock00` */
  readonly id: string
  readonly managementAccount: string
  /** The accounts that exist; absent: every twelve-digit number does, and is listed once it was used. */
  readonly accounts?: readonly string[]
  /** Gives undefined for an account that is not in the organization. Remembered until something changes. */
  membership(account: string): Membership | undefined
  /** To be told of the account of every call from outside: where any account may exist, its first call lists it. */
  join(account: string): void
  /** To be told of every change to the tree, the policies and where they are attached. */
  changed(): void
}
