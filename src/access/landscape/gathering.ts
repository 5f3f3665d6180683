/** The landscape while it is being read. */
import { compile, PolicySyntaxError, policyName } from '../../iam/index.ts'
import type { Arn, PolicyDocument, PolicyRef, Target } from '../../model/index.ts'
import type { ActionProvider, TemplateDeclaration } from '../../pipeline/index.ts'
import { hasOpen, partsOf, type TemplatePath, type Undecided, type Value } from '../../template/index.ts'
import type {
  IdentityPolicy,
  KnownBucket,
  KnownConnection,
  KnownKey,
  KnownPipeline,
  KnownRole,
  KnownTrail,
  KnownUser,
  Landscape,
} from './landscape.ts'
import type { LocatedPolicy } from './located-policy.ts'
import type { ControlKind } from './organization.ts'
import type { Origin } from './placed-template.ts'
import { OpenPolicies } from './reading/open-policies.ts'
import type { StackScope } from './stack-scope.ts'
import type { StandIns } from './stand-ins.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A policy attachment found before or after the role it belongs to. */
export interface Attachment {
  readonly role: string
  readonly account: string
  readonly name: string
  /** The policy as that role has it. */
  readonly on: (role: Arn) => IdentityPolicy | undefined
}

/** Stands for the root where nobody tells its id. */
export const ROOT = 'r-root'

/** A control policy with what it is attached to. */
export interface GatheredPolicy {
  readonly kind: ControlKind
  readonly name: string
  readonly document: unknown
  /** Ids of accounts, of organizational units, or of the root. */
  readonly targets: readonly string[]
  /** The conditions under which it is attached. */
  readonly when?: readonly Undecided[]
  readonly origin: Origin
}

/** An account or organizational unit with the one above it. */
interface Child {
  readonly name: string
  /** Absent: not known, taken to be the root. */
  readonly parent?: string
}

/** What is found before it is put together. */
export interface GatheredOrganization {
  id?: string
  management?: string
  /** Ids that stand for the root. */
  readonly roots: Set<string>
  readonly units: Map<string, Child>
  readonly accounts: Map<string, Child>
  readonly policies: GatheredPolicy[]
}

/** Control policies that stand in files, for organizations that no template tells of. */
export interface GivenOrganization {
  readonly id?: string
  readonly management?: string
  /** Without targets a policy is attached to the root. */
  readonly policies: readonly GatheredPolicy[]
}

/** A policy's ARN with the conditions under which it is attached; none: none is. */
export interface Conditional {
  readonly arn: string | undefined
  readonly when: readonly Undecided[]
}

/** What is attached to a role or a user by its ARN, until the policies of these ARNs are known. */
export interface Attached {
  readonly managed: readonly Conditional[]
  readonly boundaries: readonly Conditional[]
}

export interface Gathering {
  readonly standIns: StandIns
  readonly open: OpenPolicies
  readonly roles: Map<Arn, Mutable<KnownRole> & Attached>
  readonly users: Map<Arn, Mutable<KnownUser> & Attached>
  readonly buckets: Map<string, Mutable<KnownBucket>>
  readonly keys: Map<Arn, Mutable<KnownKey> & { aliases: string[] }>
  readonly aliases: Map<Arn, Arn>
  readonly projects: Map<Arn, Landscape['projects'] extends ReadonlyMap<Arn, infer P> ? P : never>
  readonly functions: Map<Arn, Arn>
  readonly deploymentGroups: Map<Arn, string | undefined>
  readonly resourcePolicies: Map<Arn, LocatedPolicy>
  readonly pipelines: KnownPipeline[]
  /** Templates only: what each pipeline is declared by. */
  readonly declarations: Map<
    KnownPipeline,
    { readonly resource: ResourceInScope; readonly declared: TemplateDeclaration }
  >
  /** The action types that are registered beside AWS's. */
  readonly actionTypes: (Target & { readonly provider: ActionProvider })[]
  readonly starts: Landscape['starts'][number][]
  readonly trails: KnownTrail[]
  readonly connections: KnownConnection[]
  /** Rules that send events to the bus of another account. */
  readonly forwards: (Omit<Landscape['starts'][number], 'pipeline' | 'bus'> & { readonly bus: Arn })[]
  readonly notices: NonNullable<Landscape['notices']>[number][]
  readonly taskRoles: Landscape['taskRoles'][number][]
  readonly services: Landscape['services'][number][]
  readonly logGroups: Set<Arn>
  readonly topics: Set<Arn>
  readonly made: Set<Arn>
  readonly topicKeys: Map<Arn, string>
  /** Statements of the policies of event buses and functions, which stand apart from each other. */
  readonly statements: { readonly on: Arn; readonly statement: Value; readonly origin: Origin }[]
  readonly notes: string[]
  readonly attachments: Attachment[]
  /** Bucket policies and aliases by what they point at, joined at the end. */
  readonly bucketPolicies: { bucket: string; policy: LocatedPolicy }[]
  readonly aliasTargets: { alias: string; arn: Arn; key: string; account: string; region: string }[]
  /** Customer managed policies by ARN. */
  readonly managedPolicies: Map<Arn, IdentityPolicy>
  readonly organization: GatheredOrganization
}

/** Reads resources of one type into the landscape. */
export interface ResourceReader {
  readonly type: string
  /** What two resources share that are one to AWS: their names, or a property; where two of a kind may stand beside each other, nothing. */
  readonly sameBy?: 'name' | string
  read(resource: ResourceInScope, into: Gathering): void
}

/** A resource with its properties resolved. */
export interface ResourceInScope {
  readonly scope: StackScope
  readonly logicalId: string
  readonly origin: Origin
  /** The place of what is at a path within the properties. */
  readonly within: (...path: TemplatePath) => Origin
  readonly properties: Readonly<Record<string, unknown>>
  /** The properties with what is open in them. */
  readonly values: Readonly<Record<string, Value | undefined>>
  /** The condition that the resource hangs on, where nobody knows whether it holds. */
  readonly when?: Undecided
}

export const newOrganization = (): GatheredOrganization => ({
  roots: new Set([ROOT]),
  units: new Map(),
  accounts: new Map(),
  policies: [],
})

export const newGathering = (standIns: StandIns): Gathering => ({
  standIns,
  open: new OpenPolicies(),
  roles: new Map(),
  users: new Map(),
  buckets: new Map(),
  keys: new Map(),
  aliases: new Map(),
  projects: new Map(),
  functions: new Map(),
  deploymentGroups: new Map(),
  resourcePolicies: new Map(),
  pipelines: [],
  declarations: new Map(),
  actionTypes: [],
  starts: [],
  trails: [],
  connections: [],
  forwards: [],
  notices: [],
  taskRoles: [],
  services: [],
  logGroups: new Set(),
  topics: new Set(),
  made: new Set(),
  topicKeys: new Map(),
  statements: [],
  notes: [],
  attachments: [],
  bucketPolicies: [],
  aliasTargets: [],
  managedPolicies: new Map(),
  organization: newOrganization(),
})

/** What a policy is read into: what cannot be read is noted, what is open is kept beside it. */
export interface PolicyGathering {
  readonly notes: string[]
  readonly standIns?: StandIns
  readonly open?: OpenPolicies
}

/**
 * Gives the policy compiled, by its reference; one that is no policy gives a note instead. `when` are conditions that it
 * hangs on as a whole.
 */
export function locatedPolicy(
  written: unknown,
  ref: PolicyRef,
  origin: Origin,
  { notes, standIns, open }: PolicyGathering,
  when: readonly Undecided[] = [],
): LocatedPolicy | undefined {
  if (written === undefined) return undefined
  try {
    const document =
      hasOpen(written) && standIns ? inData(standIns.withMadeUp(written as Value), standIns) : written
    const isOpen = hasOpen(document)
    const shown = isOpen && standIns ? shownDocument(document as Value, standIns) : document
    const policy = compile(shown as PolicyDocument | string, ref)
    if (standIns && (isOpen || when.length)) open?.add(policy, document as Value, standIns, when)
    const text = JSON.stringify(policy.document)
    return { policy, origin, bytes: Buffer.byteLength(standIns?.shortest(text) ?? text) }
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error
    notes.push(`The ${policyName(ref)} is no policy: ${error.message}`)
    return undefined
  }
}

/** A document that is written as JSON text with unknown values in it, as data. */
function inData(written: Value, standIns: StandIns): Value {
  if (!partsOf(written)) return written
  try {
    return standIns.values(JSON.parse(String(standIns.plain(written))))
  } catch {
    return written
  }
}

/** AWS takes no document without statements; here a condition may leave out all there are, or nobody knows them. */
function shownDocument(document: Value, standIns: StandIns): unknown {
  const plain = standIns.plain(document)
  if (typeof plain !== 'object' || plain === null) return { Version: '2012-10-17', Statement: [] }
  return 'Statement' in plain ? plain : { ...plain, Statement: [] }
}

/** A value that should be text, as text. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

/** A value that should be a list of texts. */
export const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((one) => textOf(one) ?? [])

/** The tags that a resource has from its template and its stack. */
export const tagsIn = ({ scope, properties }: ResourceInScope): Record<string, string> => ({
  ...scope.placed.tags,
  ...tagsOf(properties.Tags),
})

/** CloudFormation's list of tags, or its map of them. */
function tagsOf(value: unknown): Record<string, string> {
  if (Array.isArray(value))
    return Object.fromEntries(
      value.flatMap((tag) => (tag?.Key === undefined ? [] : [[String(tag.Key), String(tag.Value)]])),
    )
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {}
}
