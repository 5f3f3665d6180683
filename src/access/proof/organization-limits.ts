/** What the organization's policies have to do with a request: their levels, and the condition keys they ask for. */
import type { AuthorizationRequest, CompiledPolicy } from '../../iam/index.ts'
import type { Need } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import {
  isMember,
  type KnownOrganization,
  levelsOf,
  type OrganizationLevel,
} from '../landscape/organization.ts'

type Side = 'serviceControl' | 'resourceControl'

/** The levels above an account that have policies of a kind, as the evaluator takes them; undefined for none. */
export function compiledLevels(
  { organization }: Pick<Landscape, 'organization'>,
  account: string,
  side: Side,
): readonly (readonly CompiledPolicy[])[] | undefined {
  const levels = limitingLevels(organization, account, side)
  return levels.length ? levels.map((level) => level[side].map(({ policy }) => policy)) : undefined
}

/** AWS: a level without a service control policy is one where the kind is not switched on. */
export const limitingLevels = (
  organization: KnownOrganization | undefined,
  account: string,
  side: Side,
): OrganizationLevel[] => levelsOf(organization, account).filter((level) => level[side].length)

interface Parties {
  /** The caller's account; empty for services. */
  readonly caller: string
  /** The account that owns the resource. */
  readonly resource: string
  readonly need: Need
}

/** AWS: who calls and whose resource it is are told by organization too; for a service, whom it works for. */
export function organizationKeys(
  { organization }: Landscape,
  { caller, resource, need }: Parties,
): AuthorizationRequest['context'] {
  if (!organization?.id) return {}
  const source = need.context?.['aws:SourceAccount']
  return {
    ...keysOf('Principal', caller, organization),
    ...keysOf('Resource', resource, organization),
    ...(typeof source === 'string' && keysOf('Source', source, organization)),
  }
}

function keysOf(
  of: string,
  account: string,
  organization: KnownOrganization,
): AuthorizationRequest['context'] {
  const { id = '', paths } = organization
  const path = paths?.get(account)
  if (!isMember(organization, account)) return {}
  return { [`aws:${of}OrgID`]: id, ...(path && { [`aws:${of}OrgPaths`]: [path] }) }
}
