/** Templates → Landscape. */
import { awsManagedPolicy } from '../../iam/index.ts'
import { formatArn, managedPolicyRef, parseArn, resourcePolicyOf } from '../../model/index.ts'
import type { TemplatePath, Value } from '../../template/index.ts'
import { addGiven, finishOrganization } from './finish-organization.ts'
import { gapsOf } from './gaps.ts'
import {
  type Attached,
  type Conditional,
  type Gathering,
  type GivenOrganization,
  locatedPolicy,
  newGathering,
  type ResourceInScope,
  type ResourceReader,
} from './gathering.ts'
import type { AttachedPolicy, IdentityPolicy, KnownRole, KnownUser, Landscape } from './landscape.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { declarationFaults } from './readers/declaration-faults.ts'
import { readersByType } from './readers/index.ts'
import { hangsOn } from './reading/words.ts'
import { eitherOf } from './same-resources.ts'
import { type Neighbours, type PresentResource, StackScope } from './stack-scope.ts'
import { StandIns } from './stand-ins.ts'
import { isOfAws, unknownPolicy } from './unknown-policy.ts'

/**
 * Reads a set of templates, each placed in an account and region, into what is known of those accounts; control
 * policies of their organization may be given besides.
 */
export function readLandscape(
  templates: readonly PlacedTemplate[],
  organization?: GivenOrganization,
): Landscape {
  const standIns = new StandIns()
  const scopes = scopesOf(templates, standIns)
  const into = newGathering(standIns)
  for (const scope of scopes) readStack(scope, into)
  finishStatements(into)
  finishStarts(into)
  if (organization) addGiven(into.organization, organization)
  const known = finishOrganization(into.organization, into)
  return {
    ...into,
    organization: known,
    ...finishIdentities(into),
    buckets: finishBuckets(into),
    pipelines: finishPipelines(into),
    ...finishKeys(into),
    templates,
    gaps: scopes.flatMap(gapsOf),
  }
}

/** A scope for each template, in which stacks know each other's outputs and exports. */
export function scopesOf(templates: readonly PlacedTemplate[], standIns: StandIns): StackScope[] {
  const byPlace = new Map<string, StackScope>()
  let exported: Map<string, { scope: StackScope; output: string }> | undefined
  const neighbours: Neighbours = {
    output: (stack, account, region, output) => byPlace.get(`${account} ${region} ${stack}`)?.output(output),
    exported: (name, account, region) => {
      exported ??= exportsOf([...byPlace.values()])
      const found = exported.get(`${account} ${region} ${name}`)
      return found?.scope.output(found.output)
    },
  }
  return templates.map((placed) => {
    const { account, region } = placed.target
    const scope = new StackScope(placed, neighbours, standIns)
    byPlace.set(`${account} ${region} ${placed.stack}`, scope)
    return scope
  })
}

function exportsOf(scopes: readonly StackScope[]): Map<string, { scope: StackScope; output: string }> {
  return new Map(
    scopes.flatMap((scope) => {
      const { account, region } = scope.placed.target
      return scope
        .exports()
        .map(([name, output]) => [`${account} ${region} ${name}`, { scope, output }] as const)
    }),
  )
}

function readStack(scope: StackScope, into: Gathering): void {
  const read = scope.resources().flatMap((one) => {
    const reader = readersByType.get(one.resource.Type)
    return reader ? [{ ...one, reader, values: scope.value(one.resource.Properties ?? {}) as Values }] : []
  })
  const merged = mergedIn(read, scope)
  for (const one of read) {
    const { logicalId, reader } = one
    const either = merged.get(one)
    if (either === 'told') continue
    const values = either ?? one.values
    const when = either ? undefined : one.when
    const properties = scope.standIns.plain(values as Value) as ResourceInScope['properties']
    const within = (...path: TemplatePath) => scope.origin(logicalId, path)
    reader.read({ scope, logicalId, origin: scope.origin(logicalId), within, properties, values, when }, into)
  }
}

type Values = ResourceInScope['values']

interface ReadResource extends PresentResource {
  readonly reader: ResourceReader
  readonly values: Values
}

/** Of resources that are one to AWS the last is read, as either of them; the others are told with it. */
function mergedIn(resources: readonly ReadResource[], scope: StackScope): Map<ReadResource, Values | 'told'> {
  const same = new Map<string, ReadResource[]>()
  for (const one of resources) {
    const { type, sameBy } = one.reader
    if (!(one.when && sameBy)) continue
    const name =
      sameBy === 'name'
        ? scope.nameOf(one.logicalId)
        : JSON.stringify(scope.standIns.plain(one.values[sameBy]))
    const key = `${type} ${name}`
    same.set(key, [...(same.get(key) ?? []), one])
  }
  const merged = new Map<ReadResource, Values | 'told'>()
  for (const group of same.values()) {
    const either = group.length > 1 ? eitherOf(group) : undefined
    if (either)
      for (const [index, one] of group.entries())
        merged.set(one, index === group.length - 1 ? either : 'told')
  }
  return merged
}

function finishIdentities(into: Gathering): Pick<Landscape, 'roles' | 'users' | 'attached'> {
  const byName = new Map([...into.roles.values()].map((role) => [`${role.account} ${role.name}`, role]))
  const attached = new Map<string, IdentityPolicy[]>()
  const elsewhere = new Map<string, AttachedPolicy[]>()
  for (const { role, account, name, on } of into.attachments) {
    const place = `${account} ${role}`
    const arn = byName.get(place)?.arn
    if (!arn) {
      into.notes.push(`The policy ${name} is attached to the role ${role}, which is in no template.`)
      elsewhere.set(place, [...(elsewhere.get(place) ?? []), { on }])
      continue
    }
    attached.set(arn, [...(attached.get(arn) ?? []), on(arn) ?? []].flat())
  }
  const finished = <T extends KnownUser>(known: ReadonlyMap<string, T & Attached>) =>
    new Map([...known].map(([arn, one]) => [arn, withAttached(one, attached.get(arn) ?? [], into)]))
  return { roles: finished(into.roles), users: finished(into.users), attached: elsewhere }
}

/** A role or a user with all its policies. */
function withAttached<T extends KnownUser>(
  { managed, boundaries, ...known }: T & Attached,
  attached: readonly IdentityPolicy[],
  into: Gathering,
) {
  const found = managed.map(({ arn: name = '', when }) => {
    const policy = managedPolicy(name, known, into)
    return { name, policy: policy && { ...policy, policy: into.open.conditionally(policy.policy, when) } }
  })
  const boundary = boundaryOf(boundaries, known, into)
  const unreadable = found.flatMap(({ name, policy }) => (policy ? [] : [name]))
  for (const { arn: name } of boundaries)
    if (name !== undefined && !managedPolicy(name, known, into)) unreadable.push(name)
  for (const name of unreadable)
    into.notes.push(`${unknownPolicy(name, known.arn)}; what it grants or limits is not known.`)
  const policies = [...known.policies, ...attached, ...found.flatMap(({ policy }) => policy ?? [])]
  return { ...known, policies, boundary, unreadable }
}

/** The boundary of a role; where a condition decides whether there is one, or which, it is read both ways. */
function boundaryOf(
  boundaries: readonly Conditional[],
  role: { origin: KnownRole['origin'] },
  into: Gathering,
): KnownRole['boundary'] {
  const found = boundaries.map(({ arn }) => (arn === undefined ? undefined : managedPolicy(arn, role, into)))
  const [condition] = boundaries.flatMap(({ when }) => when)
  const shown = found.findLastIndex((one) => one !== undefined)
  if (!condition || shown < 0) return found.at(-1)
  const candidates = found.map((one) => one?.policy)
  return { ...found[shown]!, policy: into.open.boundary(candidates, found.length - 1, hangsOn(condition)) }
}

function managedPolicy(
  arn: string,
  role: { origin: KnownRole['origin'] },
  into: Gathering,
): IdentityPolicy | undefined {
  const own = into.managedPolicies.get(arn)
  if (own) return own
  const document = isOfAws(arn) ? awsManagedPolicy(arn)?.document : undefined
  const found = locatedPolicy(document, managedPolicyRef(arn), role.origin, into)
  return found && { ...found, kind: 'aws', name: arn }
}

function finishBuckets({ buckets, bucketPolicies }: Gathering): Landscape['buckets'] {
  for (const { bucket, policy } of bucketPolicies) {
    const found = buckets.get(bucket)
    if (found) found.policy = policy
  }
  return buckets
}

/** What CodePipeline would refuse is told when every template has told which action types it registers. */
const finishPipelines = ({ pipelines, declarations, actionTypes }: Gathering): Landscape['pipelines'] =>
  pipelines.map((one) => {
    const { resource, declared } = declarations.get(one)!
    return { ...one, faults: declarationFaults(resource, declared, actionTypes) }
  })

/** AWS: the policy of an event bus, and that of a function, is written statement by statement. */
function finishStatements({ statements, resourcePolicies, ...into }: Gathering): void {
  for (const on of new Set(statements.map((one) => one.on))) {
    const own = statements.filter((one) => one.on === on)
    const document: Value = { Version: '2012-10-17', Statement: own.map(({ statement }) => statement) }
    const policy = locatedPolicy(document, resourcePolicyOf(on, parseArn(on)?.service), own[0]!.origin, into)
    if (policy) resourcePolicies.set(on, policy)
  }
}

/** A rule that sends events to a bus of another account starts what the rules there start. */
function finishStarts({ forwards, starts }: Gathering): void {
  const own = [...starts]
  for (const forward of forwards) {
    const { account, region } = parseArn(forward.bus) ?? {}
    const pipelines = own.filter((one) => one.account === account && one.region === region)
    for (const pipeline of new Set(pipelines.map((one) => one.pipeline)))
      starts.push({ ...forward, pipeline })
  }
}

function finishKeys({ keys, aliasTargets, notes, standIns }: Gathering): Pick<Landscape, 'keys' | 'aliases'> {
  const aliases = new Map<string, string>()
  for (const { alias, arn, key, account, region } of aliasTargets) {
    const target = key.startsWith('arn:') ? key : formatArn('kms', region, account, `key/${key}`)
    aliases.set(arn, target)
    const found = keys.get(target)
    if (found) found.aliases.push(alias)
    else if (!standIns.in(key).length) notes.push(`The alias ${arn} points at a key that is in no template.`)
  }
  return { keys, aliases }
}
