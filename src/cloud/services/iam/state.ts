/** What IAM keeps: users, groups, roles, customer managed policies, access keys and instance profiles of an account. */
import type { Arn } from '../../../model/index.ts'
import type { BoundPolicy } from '../../kernel/bound-policy.ts'
import { collection } from '../../kernel/store.ts'

/** What users, groups and roles have in common; they are kept by their name in lower case. */
export interface PrincipalRecord {
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  readonly arn: Arn
  /** `AROA…`, `AIDA…` or `AGPA…`. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly created: number
  /** JSON texts by policy name. */
  readonly inlinePolicies: Readonly<Record<string, string>>
  readonly attachedPolicies: readonly Arn[]
  readonly boundary?: Arn
  readonly tags: Readonly<Record<string, string>>
}

export interface RoleRecord extends PrincipalRecord {
  readonly trustPolicy: BoundPolicy
  readonly description?: string
  readonly maxSessionSeconds: number
}

export interface UserRecord extends PrincipalRecord {
  /** Names of groups. */
  readonly groups: readonly string[]
}

export type GroupRecord = PrincipalRecord

export interface PolicyVersionRecord {
  /** `v1`, `v2`, … */
  readonly id: string
  readonly document: string
  readonly created: number
}

/** A managed policy: of a customer, kept by its ARN, or of AWS. */
export interface ManagedPolicyRecord {
  readonly name: string
  readonly path: string
  readonly arn: Arn
  readonly id: string
  readonly description?: string
  readonly created: number
  readonly updated: number
  readonly defaultVersion: string
  /** The number of the newest version ever made: numbers are not used again. */
  readonly lastVersion: number
  /** Newest first. */
  readonly versions: readonly PolicyVersionRecord[]
  readonly tags: Readonly<Record<string, string>>
}

export interface AccessKeyRecord {
  readonly id: string
  readonly secret: string
  readonly account: string
  /** The user's name; absent for a key of the root user. */
  readonly user?: string
  readonly active: boolean
  readonly created: number
}

export interface InstanceProfileRecord {
  readonly name: string
  readonly path: string
  readonly arn: Arn
  readonly id: string
  readonly created: number
  /** The name of its role; AWS: at most one. */
  readonly role?: string
  readonly tags: Readonly<Record<string, string>>
}

/** An identity provider of OpenID Connect. */
export interface OidcProviderRecord {
  /** Its address without `https://`, as ARNs and condition keys have it. */
  readonly issuer: string
  readonly arn: Arn
  /** Audiences that its tokens may have. */
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly created: number
  readonly tags: Readonly<Record<string, string>>
}

/** All but `accessKeys` are kept per account without a region; access keys once for all accounts, by their id. */
export const roles = collection<RoleRecord>('iam.roles')
export const users = collection<UserRecord>('iam.users')
export const groups = collection<GroupRecord>('iam.groups')
export const managedPolicies = collection<ManagedPolicyRecord>('iam.policies')
export const accessKeys = collection<AccessKeyRecord>('iam.access-keys')
export const oidcProviders = collection<OidcProviderRecord>('iam.oidc-providers')
export const instanceProfiles = collection<InstanceProfileRecord>('iam.instance-profiles')
export const accountAliases = collection<{ readonly alias: string }>('iam.account-aliases')
