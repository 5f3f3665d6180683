/** The landscape while it is being read. */
import { compile, PolicySyntaxError } from '../../iam/index.ts'
import type { Arn, PolicyDocument } from '../../model/index.ts'
import type {
  IdentityPolicy,
  KnownBucket,
  KnownKey,
  KnownRole,
  Landscape,
  LocatedPolicy,
} from './landscape.ts'
import type { TemplatePath } from './parse-template.ts'
import type { Origin } from './placed-template.ts'
import type { StackScope } from './stack-scope.ts'

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** A policy attachment found before or after the role it belongs to. */
export interface Attachment {
  readonly role: string
  readonly account: string
  readonly policy: IdentityPolicy
}

export interface Gathering {
  readonly roles: Map<Arn, Mutable<KnownRole> & { managed: string[]; boundaryArn?: string }>
  readonly buckets: Map<string, Mutable<KnownBucket>>
  readonly keys: Map<Arn, Mutable<KnownKey> & { aliases: string[] }>
  readonly aliases: Map<Arn, Arn>
  readonly projects: Map<Arn, Landscape['projects'] extends ReadonlyMap<Arn, infer P> ? P : never>
  readonly functions: Map<Arn, Arn>
  readonly resourcePolicies: Map<Arn, LocatedPolicy>
  readonly pipelines: Landscape['pipelines'][number][]
  readonly starts: Landscape['starts'][number][]
  readonly taskRoles: Landscape['taskRoles'][number][]
  readonly notes: string[]
  readonly attachments: Attachment[]
  /** Bucket policies and aliases by what they point at, joined at the end. */
  readonly bucketPolicies: { bucket: string; policy: LocatedPolicy }[]
  readonly aliasTargets: { alias: string; arn: Arn; key: string; account: string; region: string }[]
  /** Customer managed policies by ARN. */
  readonly managedPolicies: Map<Arn, IdentityPolicy>
}

/** Reads resources of one type into the landscape. */
export interface ResourceReader {
  readonly type: string
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
}

export const newGathering = (): Gathering => ({
  roles: new Map(),
  buckets: new Map(),
  keys: new Map(),
  aliases: new Map(),
  projects: new Map(),
  functions: new Map(),
  resourcePolicies: new Map(),
  pipelines: [],
  starts: [],
  taskRoles: [],
  notes: [],
  attachments: [],
  bucketPolicies: [],
  aliasTargets: [],
  managedPolicies: new Map(),
})

/** Gives the policy compiled under a label; one that is no policy gives a note instead. */
export function locatedPolicy(
  document: unknown,
  label: string,
  origin: Origin,
  into: Pick<Gathering, 'notes'>,
): LocatedPolicy | undefined {
  if (document === undefined) return undefined
  try {
    const policy = compile(document as PolicyDocument | string, label)
    return { policy, origin, bytes: Buffer.byteLength(JSON.stringify(policy.document)) }
  } catch (error) {
    if (!(error instanceof PolicySyntaxError)) throw error
    into.notes.push(`The ${label} is no policy: ${error.message}`)
    return undefined
  }
}

/** A value that should be text, as text. */
export const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value)

/** A value that should be a list of texts. */
export const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).flatMap((one) => textOf(one) ?? [])

/** CloudFormation's list of tags, or its map of them. */
export function tagsOf(value: unknown): Record<string, string> {
  if (Array.isArray(value))
    return Object.fromEntries(
      value.flatMap((tag) => (tag?.Key === undefined ? [] : [[String(tag.Key), String(tag.Value)]])),
    )
  return typeof value === 'object' && value !== null ? (value as Record<string, string>) : {}
}
