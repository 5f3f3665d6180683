/** The organization as templates and policy files tell it, put together into levels. */
import { placeName, policyName } from '../../iam/index.ts'
import type { OrganizationPlace, Target } from '../../model/index.ts'
import {
  type GatheredOrganization,
  type GivenOrganization,
  locatedPolicy,
  newOrganization,
  type PolicyGathering,
  ROOT,
} from './gathering.ts'
import type { LocatedPolicy } from './located-policy.ts'
import {
  allLevels,
  type ControlKind,
  controlPolicyRef,
  type KnownOrganization,
  type OrganizationLevel,
} from './organization.ts'

/** Gives the organization that only files tell of. */
export function givenOrganization(given: GivenOrganization, notes: string[]): KnownOrganization | undefined {
  const gathered = newOrganization()
  addGiven(gathered, given)
  return finishOrganization(gathered, { notes })
}

/** Adds what stands in files; it is said on purpose and goes before what templates tell. */
export function addGiven(into: GatheredOrganization, { id, management, policies }: GivenOrganization): void {
  if (id) into.id = id
  if (management) into.management = management
  for (const policy of policies)
    into.policies.push({ ...policy, targets: policy.targets.length ? policy.targets : [ROOT] })
}

const isAccount = (target: string, { accounts }: GatheredOrganization): boolean =>
  /^\d{12}$/.test(target) || accounts.has(target)

const isRoot = (target: string, { roots }: GatheredOrganization): boolean =>
  roots.has(target) || /^r-[0-9a-z]{4,32}$/.test(target)

/** Gives the organization; undefined where nothing is known of one. What is not known of it is noted. */
export function finishOrganization(
  gathered: GatheredOrganization,
  into: PolicyGathering,
): KnownOrganization | undefined {
  const { id, management, policies } = gathered
  if (!id && !management && !policies.length) return undefined
  const byTarget = new Map<string, OrganizationLevel>()
  const level = (target: string): OrganizationLevel | undefined => {
    const key = isRoot(target, gathered) ? ROOT : target
    if (!byTarget.has(key)) byTarget.set(key, levelAt(key, gathered, into))
    const found = byTarget.get(key)!
    return found.serviceControl.length || found.resourceControl.length ? found : undefined
  }
  const members = new Set([
    ...gathered.accounts.keys(),
    ...policies.flatMap(({ targets }) => targets).filter((target) => isAccount(target, gathered)),
  ])
  const levels = [...members].map(
    (account) => [account, pathTo(account, gathered).flatMap((target) => level(target) ?? [])] as const,
  )
  const organization: KnownOrganization = {
    ...(id && { id }),
    ...(management && { management }),
    levels: new Map(levels),
    others: [level(ROOT) ?? []].flat(),
  }
  into.notes.push(...doubtsOf(gathered, organization))
  return organization
}

/** From the root down to the account, by ids. */
function pathTo(account: string, gathered: GatheredOrganization): string[] {
  const path = [account]
  let at = gathered.accounts.get(account)?.parent
  while (at !== undefined && !isRoot(at, gathered) && !path.includes(at)) {
    path.unshift(at)
    at = gathered.units.get(at)?.parent
  }
  return [ROOT, ...path]
}

function levelAt(target: string, gathered: GatheredOrganization, into: PolicyGathering): OrganizationLevel {
  const place = placeOf(target, gathered)
  const attached = (kind: ControlKind) =>
    gathered.policies
      .filter((one) => one.kind === kind)
      .filter(({ targets }) => targets.some((one) => (isRoot(one, gathered) ? ROOT : one) === target))
      .flatMap((one): LocatedPolicy[] => {
        const ref = controlPolicyRef(kind, place, one)
        return [locatedPolicy(one.document, ref, one.origin, into, one.when) ?? []].flat()
      })
  return {
    place,
    serviceControl: withFullAccess(attached('service control policy'), place),
    resourceControl: attached('resource control policy'),
  }
}

/** AWS: a policy's name is its only one in the organization, so that a unit without id is no other of that name. */
function placeOf(target: string, { units, accounts }: GatheredOrganization): OrganizationPlace {
  if (target === ROOT) return { kind: 'root' }
  const unit = units.get(target)
  if (unit) return { kind: 'unit', name: unit.name }
  if (/^ou-/.test(target)) return { kind: 'unit', id: target }
  const name = accounts.get(target)?.name
  return { kind: 'account', id: target, ...(name !== undefined && name !== target && { name }) }
}

const allows = ({ policy }: LocatedPolicy): boolean =>
  [policy.document.Statement].flat().some(({ Effect }) => Effect === 'Allow')

/**
 * Puts FullAWSAccess beside policies that only deny. One that allows is taken to stand in its place: beside it an
 * allow would have no effect.
 * AWS: FullAWSAccess is attached to every root, unit and account until somebody detaches it.
 */
function withFullAccess(
  policies: readonly LocatedPolicy[],
  level: OrganizationPlace,
): readonly LocatedPolicy[] {
  const [first] = policies
  if (!first || policies.some(allows)) return policies
  return [fullAccess(level, first.origin), ...policies]
}

/** The policy of AWS that allows everything. */
export function fullAccess(level: OrganizationPlace, { account, region }: Target): LocatedPolicy {
  const ref = controlPolicyRef('service control policy', level, { name: 'FullAWSAccess' })
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }]
  return locatedPolicy(
    { Version: '2012-10-17', Statement },
    ref,
    { account, region, stack: '' },
    { notes: [] },
  )!
}

const ORGANIZATION_KEYS = /aws:(Principal|Resource|Source)Org(ID|Paths)/i

function doubtsOf(gathered: GatheredOrganization, organization: KnownOrganization): string[] {
  const { policies, accounts } = gathered
  const known = [...accounts.keys()].flatMap((account) => pathTo(account, gathered))
  const notes: string[] = []
  for (const { kind, name, document, targets } of policies) {
    const lost = targets.filter(
      (target) => !isRoot(target, gathered) && !isAccount(target, gathered) && !known.includes(target),
    )
    for (const target of lost)
      notes.push(
        `The ${kind} ${name} is attached to ${placeName(placeOf(target, gathered))}, and no template tells which accounts are in it; what it denies them is not proven. Name them: --${kind === 'service control policy' ? 'scp' : 'rcp'} <file>=<account>.`,
      )
    if (!organization.id && ORGANIZATION_KEYS.test(JSON.stringify(document)))
      notes.push(
        `The ${kind} ${name} asks for the organization of principals or resources, and the organization's id is not known. Give it: --organization o-….`,
      )
  }
  notes.push(...allLevels(organization).flatMap(allowListNote))
  const nameless = [...accounts].filter(
    ([account]) =>
      !/^\d{12}$/.test(account) && pathTo(account, gathered).some((one) => isTarget(one, gathered)),
  )
  for (const [account, { name }] of nameless)
    notes.push(
      `The account ${name} has policies and no id here (${account}); what they deny it is not proven. Give its id behind its template’s file: <logical ID>=<account id>.`,
    )
  return notes
}

/** A list of what is allowed has an effect only where FullAWSAccess was detached, which no template tells. */
function allowListNote({ place, serviceControl }: OrganizationLevel): string[] {
  const allowing = serviceControl.filter(allows)
  if (!allowing.length || allowing.some(allowsEverything)) return []
  const labels = allowing.map(({ policy }) => policyName(policy.ref)).join(' and the ')
  return [
    `The ${labels} allows only some calls: FullAWSAccess is taken to be detached from ${placeName(place)}.`,
  ]
}

const allowsEverything = ({ policy }: LocatedPolicy): boolean =>
  [policy.document.Statement]
    .flat()
    .some(
      ({ Effect, Action, Resource, Condition }) =>
        Effect === 'Allow' && [Action].flat().includes('*') && [Resource].flat().includes('*') && !Condition,
    )

const isTarget = (id: string, gathered: GatheredOrganization): boolean =>
  id !== ROOT && gathered.policies.some(({ targets }) => targets.includes(id))
