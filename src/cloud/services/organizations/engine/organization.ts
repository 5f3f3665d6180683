/** The organization that the gateway asks: what limits an account, remembered until something changes. */

import type { CompiledPolicy } from '../../../../iam/index.ts'
import type { OrganizationPlace, PolicyRef } from '../../../../model/index.ts'
import type { Clock } from '../../../kernel/clock.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Membership, Organization } from '../../../kernel/organization.ts'
import type { Store } from '../../../kernel/store.ts'
import { type ControlPolicyType, type PolicyRecord, roots } from '../state.ts'
import { policyArn } from './arn.ts'
import { isAwsManaged, policyTypes } from './policy-type.ts'
import { refusal } from './refusal.ts'
import { newMember, type Target, type Tree, treeOf } from './tree.ts'

export interface OrganizationOptions {
  readonly id: string
  readonly managementAccount: string
  readonly accounts?: readonly string[]
  readonly clock: Clock
}

/** Gives the organization over the stored records; a new one is there from the start. */
export function createOrganization(store: Store, options: OrganizationOptions): Organization {
  const { id, managementAccount, accounts, clock } = options
  const memberships = new Map<string, Membership>()
  const joined = new Set(accounts)
  const organization: Organization = {
    id,
    managementAccount,
    accounts,
    membership: (account) => {
      const known = memberships.get(account)
      if (known) return known
      if (!tree.account(account)) return undefined
      const made = membershipOf(organization, tree, account)
      memberships.set(account, made)
      return made
    },
    join: (account) => {
      if (joined.has(account)) return
      joined.add(account)
      if (!tree.account(account) || tree.accounts().some((one) => one.id === account)) return
      tree.save({ kind: 'account', record: newMember(account, clock.now()) })
    },
    changed: () => memberships.clear(),
  }
  const tree = treeOf({ store, clock, managementAccount, accounts, changed: organization.changed })
  if (!store.of(roots).has(tree.root().id)) tree.save({ kind: 'root', record: tree.root() })
  return organization
}

function membershipOf(organization: Organization, tree: Tree, account: string): Membership {
  const path = tree.path(account)
  const paths = [`${[organization.id, ...path.slice(0, -1)].join('/')}/`]
  if (account === organization.managementAccount) return { paths }
  const limits = (type: ControlPolicyType) => levels(organization, tree, path, type)
  return {
    paths,
    serviceControlPolicies: limits('SERVICE_CONTROL_POLICY'),
    resourceControlPolicies: limits('RESOURCE_CONTROL_POLICY'),
  }
}

/** Gives the policies level by level, or undefined where all that is attached allows everything. */
function levels(
  organization: Organization,
  tree: Tree,
  path: readonly string[],
  type: ControlPolicyType,
): CompiledPolicy[][] | undefined {
  const attached = path.map((id) => tree.attached(type, tree.target(id)!.record))
  const { fullAccess } = policyTypes[type]
  if (attached.every((ids) => ids.every((id) => id === fullAccess.id))) return undefined
  return attached.map((ids, level) => {
    const owner = placeOf(tree.target(path[level]!)!)
    return ids
      .map((id) => tree.policy(id)!)
      .map((policy) => compiledPolicy(policy.content, refOf(organization, policy, owner)))
  })
}

const placeOf = ({ kind, record }: Target): OrganizationPlace =>
  kind === 'unit' ? { kind, id: record.id, name: record.name } : { kind, id: record.id }

/** AWS: its own policies allow everything, so that no denial ever names them. */
const refOf = (
  organization: Organization,
  policy: Pick<PolicyRecord, 'id' | 'name' | 'type'>,
  owner: OrganizationPlace,
): PolicyRef => ({
  kind: policy.type === 'SERVICE_CONTROL_POLICY' ? 'service control' : 'resource control',
  owner,
  name: policy.name,
  ...(!isAwsManaged(policy) && { arn: policyArn(organization, policy) }),
})

/** Gives the organization of a request. Errors: AWSOrganizationsNotInUseException. */
export function organizationOf(ctx: Context): Organization {
  const { organization } = ctx.cloud
  if (!organization) throw refusal('noOrganization')
  return organization
}

/** Gives the tree for a request; what is saved in it counts from the next call on. */
export function treeFor(ctx: Context): Tree {
  const { managementAccount, accounts, changed } = organizationOf(ctx)
  const { store, clock } = ctx.cloud
  return treeOf({ store, clock, managementAccount, accounts, changed })
}
