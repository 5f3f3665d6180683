/** What an organization puts above its accounts: policies on its root, its organizational units and the accounts. */
import type { Arn, OrganizationPlace, PolicyRef } from '../../model/index.ts'
import type { LocatedPolicy } from './located-policy.ts'

/** AWS: service control policies limit an account's principals, resource control policies its resources. */
export type ControlKind = 'service control policy' | 'resource control policy'

/** Gives the reference of a policy as it is attached to a place. */
export const controlPolicyRef = (
  kind: ControlKind,
  owner: OrganizationPlace,
  { name, arn }: { readonly name: string; readonly arn?: Arn },
): PolicyRef => ({
  kind: kind === 'service control policy' ? 'service control' : 'resource control',
  owner,
  name,
  ...(arn && { arn }),
})

/** One place that policies are attached to. */
export interface OrganizationLevel {
  readonly place: OrganizationPlace
  /** AWS: where there is any, one of them must allow the call. */
  readonly serviceControl: readonly LocatedPolicy[]
  /** AWS: RCPFullAWSAccess is always there too, so that these can only deny. */
  readonly resourceControl: readonly LocatedPolicy[]
}

export interface KnownOrganization {
  /** `o-…`, where it is known. */
  readonly id?: string
  /** AWS: neither kind of policy limits the management account. */
  readonly management?: string
  /** From the root down to the account, by account; the members that are known one by one. */
  readonly levels: ReadonlyMap<string, readonly OrganizationLevel[]>
  /** What every other account is under; absent where the others are no members. */
  readonly others?: readonly OrganizationLevel[]
  /** AWS's path of each account, `o-…/r-…/ou-…/`, where it is known. */
  readonly paths?: ReadonlyMap<string, string>
}

/** Gives what limits an account, from the root down. */
export function levelsOf(
  organization: KnownOrganization | undefined,
  account: string,
): readonly OrganizationLevel[] {
  if (!organization || !account || account === organization.management) return []
  return organization.levels.get(account) ?? organization.others ?? []
}

export const isMember = ({ management, levels, others }: KnownOrganization, account: string): boolean =>
  account !== '' && (account === management || levels.has(account) || others !== undefined)

/** Gives every level once, however many accounts are below it. */
export const allLevels = ({ levels, others = [] }: KnownOrganization): OrganizationLevel[] => [
  ...new Set([...others, ...[...levels.values()].flat()]),
]

/** Gives every policy of a kind once, however many levels it is attached to. */
export function controlPolicies(
  organization: KnownOrganization,
  side: 'serviceControl' | 'resourceControl',
): LocatedPolicy[] {
  const attached = allLevels(organization).flatMap((level) => level[side])
  return [...new Map(attached.map((one) => [JSON.stringify(one.policy.document), one])).values()]
}
