/** Reads the organization of live accounts: the levels above each of them, with their policies. */
import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import { placeName } from '../../../iam/index.ts'
import type { Arn, OrganizationPlace, Target } from '../../../model/index.ts'
import { fullAccess } from '../finish-organization.ts'
import type { LocatedPolicy } from '../located-policy.ts'
import { type ControlKind, controlPolicyRef, type OrganizationLevel } from '../organization.ts'
import { originOf } from './origin-of.ts'
import type { Answer, Reading } from './reading.ts'

const WHAT = 'service control policies and resource control policies'

/** The organization that an account is in, before its levels are read. */
interface Found {
  readonly id: string
  readonly management: string
  /** AWS: without all features there are no policies. */
  readonly hasPolicies: boolean
}

/** Who reads it, and with what. */
interface Reader {
  readonly reading: Reading
  readonly client: OrganizationsClient
  readonly target: Target
}

/**
 * Reads what limits accounts into the reading. Outside an organization there is nothing to read. Gives whether it is
 * known now what limits them.
 * AWS: every member is told which organization it is in; its tree and policies only the management account and
 * delegated administrators.
 */
export async function readOrganization(reading: Reading, accounts: readonly string[]): Promise<boolean> {
  const found = await organizationOf(reading)
  if ('absent' in found) return true
  if ('why' in found) return false
  const { id, management, hasPolicies } = found.found
  const reader = hasPolicies ? await readerOf(reading, found.found) : undefined
  if (!reader) {
    reading.organization = { id, management, levels: await membersOf(reading, accounts, id) }
    return !hasPolicies
  }
  const limited = accounts.filter((account) => account !== management)
  const read = await Promise.all(limited.map((account) => levelsOver(reader, account, id)))
  const members = read.flatMap((one) => one ?? [])
  reading.organization = {
    id,
    management,
    levels: new Map(members.map(({ account, levels }) => [account, levels])),
    paths: new Map(members.map(({ account, path }) => [account, path])),
  }
  return true
}

/** The accounts that are in the organization, as each tells of itself, with nothing that limits them. */
async function membersOf(
  reading: Reading,
  accounts: readonly string[],
  id: string,
): Promise<ReadonlyMap<string, []>> {
  const { region } = reading.home
  const told = await Promise.all(
    accounts.map(async (account) => {
      const answer = await describe(reading, { account, region })
      return 'found' in answer && answer.found.id === id ? [account] : []
    }),
  )
  return new Map(told.flat().map((account) => [account, []]))
}

async function organizationOf(reading: Reading): Promise<Answer<Found>> {
  const answer = await describe(reading, reading.home)
  if ('why' in answer)
    reading.cannotRead(
      { what: WHAT, target: reading.home },
      `${answer.why}; allow organizations:DescribeOrganization to the pipeline's account, or name the policies' files with --scp and --rcp`,
    )
  return answer
}

async function describe(reading: Reading, target: Target): Promise<Answer<Found>> {
  const { DescribeOrganizationCommand, OrganizationsClient } = await import('@aws-sdk/client-organizations')
  return reading.attempt(target, async () => {
    const client = await reading.client(OrganizationsClient, target)
    const { Organization } = await client.send(new DescribeOrganizationCommand({}))
    const { Id = '', MasterAccountId = '', FeatureSet } = Organization ?? {}
    return { id: Id, management: MasterAccountId, hasPolicies: FeatureSet === 'ALL' }
  })
}

/** Gives the first account that is let in: the management account, else the pipeline's as a delegated administrator. */
async function readerOf(reading: Reading, { management, id }: Found): Promise<Reader | undefined> {
  const { region, account: home } = reading.home
  const { ListParentsCommand, OrganizationsClient } = await import('@aws-sdk/client-organizations')
  const refusals: string[] = []
  for (const account of new Set([management, home])) {
    const target = { account, region }
    const answer = await reading.attempt(target, async () => {
      const client = await reading.client(OrganizationsClient, target)
      await client.send(new ListParentsCommand({ ChildId: home }))
      return client
    })
    if ('found' in answer) return { reading, client: answer.found, target }
    refusals.push(`account ${account}: ${'why' in answer ? answer.why : 'the account is not found'}`)
  }
  const advice =
    home === management
      ? 'allow it organizations:ListParents, ListPoliciesForTarget and DescribePolicy'
      : `name a profile of the management account: --account ${management}=<profile>, or the policies' files with --scp and --rcp`
  reading.cannotRead(
    { what: WHAT, target: reading.home },
    `the organization ${id} tells them to its management account ${management} and to delegated administrators only (${refusals.join('; ')}); ${advice}`,
  )
  return undefined
}

interface Member {
  readonly account: string
  readonly levels: readonly OrganizationLevel[]
  /** `o-…/r-…/ou-…/` */
  readonly path: string
}

async function levelsOver(reader: Reader, account: string, id: string): Promise<Member | undefined> {
  const { reading, target } = reader
  const question = { what: `${WHAT} of account ${account}`, target }
  const answer = await reading.ask(question, () => parentsOf(reader, account))
  if ('absent' in answer)
    reading.cannotRead(
      question,
      `the account is not in the organization ${id} of the pipeline's account; whether another organization limits it was not looked at`,
    )
  if (!('found' in answer)) return undefined
  const parents = answer.found
  const all = await Promise.all([...parents, account].map((one) => levelAt(reader, one)))
  const levels = all.filter(
    ({ serviceControl, resourceControl }) => serviceControl.length || resourceControl.length,
  )
  return { account, levels, path: `${[id, ...parents].join('/')}/` }
}

/** Gives the ids above an account, the root's first. */
async function parentsOf({ reading, client }: Reader, account: string): Promise<string[]> {
  const { ListParentsCommand } = await import('@aws-sdk/client-organizations')
  const ids: string[] = []
  let child = account
  for (;;) {
    const asked = child
    const parent = await reading.once(`parent of ${asked}`, async () => {
      const { Parents = [] } = await client.send(new ListParentsCommand({ ChildId: asked }))
      return Parents[0]
    })
    if (!parent?.Id) return ids
    ids.unshift(parent.Id)
    if (parent.Type === 'ROOT') return ids
    child = parent.Id
  }
}

function levelAt(reader: Reader, id: string): Promise<OrganizationLevel> {
  return reader.reading.once(`level ${id}`, async () => {
    const place = await placeOf(reader, id)
    const [serviceControl, resourceControl] = await Promise.all([
      policiesAt(reader, { id, place }, 'service control policy'),
      policiesAt(reader, { id, place }, 'resource control policy'),
    ])
    return { place, serviceControl, resourceControl }
  })
}

/** A unit is told by its name too, where AWS gives it. */
async function placeOf({ reading, client, target }: Reader, id: string): Promise<OrganizationPlace> {
  if (/^\d{12}$/.test(id)) return { kind: 'account', id }
  if (id.startsWith('r-')) return { kind: 'root', id }
  const { DescribeOrganizationalUnitCommand } = await import('@aws-sdk/client-organizations')
  const answer = await reading.attempt(target, () =>
    client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: id })),
  )
  const name = 'found' in answer ? answer.found.OrganizationalUnit?.Name : undefined
  return { kind: 'unit', id, ...(name && { name }) }
}

const TYPES = {
  'service control policy': 'SERVICE_CONTROL_POLICY',
  'resource control policy': 'RESOURCE_CONTROL_POLICY',
} as const

interface Level {
  readonly id: string
  readonly place: OrganizationPlace
}

async function policiesAt(reader: Reader, { id, place }: Level, kind: ControlKind): Promise<LocatedPolicy[]> {
  const { reading, client, target } = reader
  const { paginateListPoliciesForTarget } = await import('@aws-sdk/client-organizations')
  const answer = await reading.ask(
    { what: `the names of ${TYPES[kind]} of ${placeName(place)}`, target },
    async () => {
      const all = []
      const asked = { TargetId: id, Filter: TYPES[kind] }
      for await (const page of paginateListPoliciesForTarget({ client }, asked))
        all.push(...(page.Policies ?? []))
      return all
    },
  )
  if (!('found' in answer)) return []
  const policies = await Promise.all(
    answer.found.map((one) =>
      policyOf(reader, { id: one.Id ?? '', name: one.Name ?? '', arn: one.Arn, place, kind }),
    ),
  )
  return policies.flatMap((policy) => policy ?? [])
}

interface Attached extends Level {
  readonly name: string
  readonly arn?: Arn
  readonly kind: ControlKind
}

/** AWS's own policies allow everything. One that cannot be read is taken to do so too, and is told. */
async function policyOf(
  reader: Reader,
  { id, name, arn, place, kind }: Attached,
): Promise<LocatedPolicy | undefined> {
  const { reading, client, target } = reader
  const isServiceControl = kind === 'service control policy'
  if (id === 'p-RCPFullAWSAccess') return undefined
  if (id === 'p-FullAWSAccess') return fullAccess(place, target)
  const { DescribePolicyCommand } = await import('@aws-sdk/client-organizations')
  const question = { what: `the ${kind} ${name} (${id})`, target }
  const answer = await reading.once(`control policy ${id}`, () =>
    reading.ask(question, async () => {
      const { Policy } = await client.send(new DescribePolicyCommand({ PolicyId: id }))
      return Policy?.Content
    }),
  )
  const ref = controlPolicyRef(kind, place, { name, ...(arn && { arn }) })
  const content = 'found' in answer ? answer.found : undefined
  const origin = await originOf(reading, target, { physicalId: id, type: 'AWS::Organizations::Policy' })
  const policy = reading.policy(content, ref, origin)
  // AWS: white space counts here.
  if (policy) return { ...policy, bytes: Buffer.byteLength(content ?? '') }
  return isServiceControl ? fullAccess(place, target) : undefined
}
