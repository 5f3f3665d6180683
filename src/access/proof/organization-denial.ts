/** A denial by the organization, told by level: which policies say no, and where each can be changed. */
import { type AuthorizationRequest, type Decision, evaluate, policyName } from '../../iam/index.ts'
import { isSamePolicy, type PolicyRef, type PolicyStatement } from '../../model/index.ts'
import type { Landscape } from '../landscape/landscape.ts'
import { allLevels, type OrganizationLevel } from '../landscape/organization.ts'
import type { Origin } from '../landscape/placed-template.ts'
import { limitingLevels } from './organization-limits.ts'
import type { Remedy } from './proof.ts'

/** Gives the levels none of whose service control policies allows a request. */
export function silentLevels(
  request: AuthorizationRequest,
  { organization }: Landscape,
): OrganizationLevel[] {
  const { caller } = request
  return limitingLevels(organization, caller.account, 'serviceControl').filter(({ serviceControl }) => {
    const alone = { ...caller, serviceControlPolicies: [serviceControl.map(({ policy }) => policy)] }
    return evaluate({ ...request, caller: alone }).missing === 'service control policy'
  })
}

/** Whether it is the organization that says no. */
export const isOfOrganization = ({ missing, decidedBy }: Decision): boolean =>
  missing === 'service control policy' || decidedBy.some(({ policyType }) => OF_ORGANIZATION.has(policyType))

const OF_ORGANIZATION: ReadonlySet<string> = new Set(['service control policy', 'resource control policy'])

/** The same request in accounts of no organization. */
export function withoutOrganization(request: AuthorizationRequest): AuthorizationRequest {
  const { resourceControlPolicies: _, caller, ...rest } = request
  const { serviceControlPolicies: __, ...free } = caller
  return { ...rest, caller: free }
}

const labelsOf = ({ serviceControl }: OrganizationLevel): string =>
  serviceControl.map(({ policy }) => policyName(policy.ref)).join(' and ')

/** What keeps the level from allowing it, in words. */
export const silence = (level: OrganizationLevel, { action }: AuthorizationRequest): string =>
  `no statement of the ${labelsOf(level)} allows ${action}`

/** One change for every level that allows nothing. AWS: each level must allow the call by itself. */
export function organizationRemedies(
  levels: readonly OrganizationLevel[],
  { action }: AuthorizationRequest,
): Remedy[] {
  // A control policy limits and grants nothing, so that it need not name resources.
  const statement: PolicyStatement = { Effect: 'Allow', Action: action, Resource: '*' }
  return levels.map((level) => {
    const last = level.serviceControl.at(-1)
    const [at, origin] = [last?.policy.ref, last?.origin]
    return {
      ...(at && { at }),
      belongsIn: labelsOf(level),
      ...(origin && { origin }),
      statement,
      advice: `Allow ${action} in the ${labelsOf(level)}.`,
    }
  })
}

/** Where a control policy stands; undefined for another policy. */
export const originOfControl = (ref: PolicyRef, { organization }: Landscape): Origin | undefined =>
  (organization ? allLevels(organization) : [])
    .flatMap(({ serviceControl, resourceControl }) => [...serviceControl, ...resourceControl])
    .find(({ policy }) => isSamePolicy(policy.ref, ref))?.origin
