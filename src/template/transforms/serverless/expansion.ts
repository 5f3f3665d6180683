/** Gathers the resources that SAM makes of a template, and where each comes from. */
import { entryOf, setEntry } from '../../../model/index.ts'
import type { Section } from '../../read/parse-template.ts'
import type { TemplatePath } from '../../read/template-fault.ts'
import type { ParameterValues } from './parameter-values.ts'
import { isMap, type Properties } from './properties.ts'
import { invalid } from './refusals.ts'

/** What stands beside the properties of a resource. */
export type Attributes = Readonly<
  Partial<
    Record<
      | 'Condition'
      | 'CreationPolicy'
      | 'DeletionPolicy'
      | 'DependsOn'
      | 'Metadata'
      | 'UpdatePolicy'
      | 'UpdateReplacePolicy',
      unknown
    >
  >
>

/** A serverless resource, over what the template says of all of its kind. */
export interface Serverless {
  readonly id: string
  readonly type: string
  readonly properties: Properties
  readonly attributes: Attributes
  /** The resource as it is written. */
  readonly written: Section
}

export interface ExpansionOptions {
  readonly values: ParameterValues
  readonly region: string
  /** `open`: what `sam package` has still to upload has no place yet; otherwise it is refused, as AWS does. */
  readonly artifacts?: 'open'
}

export class Expansion {
  readonly values: ParameterValues
  readonly region: string
  readonly artifacts?: 'open'
  readonly conditions: Section
  /** Of the template, serverless ones over what Globals says. */
  readonly given: ReadonlyMap<string, Section>
  readonly #made = new Map<string, Section>()
  readonly #origins = new Map<string, TemplatePath>()
  readonly #referred = new Map<string, Map<string, string>>()
  #source: TemplatePath = []

  constructor(template: Section, given: ReadonlyMap<string, Section>, options: ExpansionOptions) {
    this.values = options.values
    this.region = options.region
    this.artifacts = options.artifacts
    this.given = given
    this.conditions = { ...((template.Conditions ?? {}) as Section) }
  }

  /** AWS: ARNs that the translator writes out carry the partition that it runs in. */
  get partition(): string {
    if (this.region.startsWith('cn-')) return 'aws-cn'
    return this.region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  }

  /** What is put next was made of this. */
  from(...path: TemplatePath): void {
    this.#source = path
  }

  /** Adds a resource. Errors: InvalidResource for an id that CloudFormation does not take. */
  put(id: string, Type: string, properties: Properties, attributes: Attributes = {}): void {
    if (!/^[A-Za-z0-9]+$/.test(id)) throw invalid('Logical ids must be alphanumeric.', [], id)
    const entries = Object.entries(attributes).filter(([, value]) => value !== undefined)
    this.keep(id, { Type, ...Object.fromEntries(entries), Properties: withoutUndefined(properties) })
  }

  /** Adds a resource as it is. */
  keep(id: string, resource: Section): void {
    this.#made.set(id, resource)
    this.#origins.set(id, this.#source)
  }

  /** Replaces a resource of the template that an event changes. */
  change(id: string, resource: Section): void {
    this.#made.set(id, resource)
  }

  made(id: string): Section | undefined {
    return this.#made.get(id)
  }

  /** A resource that the template has or that was made, made ones first. */
  resource(id: string | undefined): Section | undefined {
    return id === undefined ? undefined : (this.#made.get(id) ?? this.given.get(id))
  }

  /** Gives the id that `Ref: <id>.<property>` stands for; without a property, that `<id>` itself does. */
  refer(id: string, property: string, made: string): void {
    const known = this.#referred.get(id) ?? new Map<string, string>()
    this.#referred.set(id, known.set(property, made))
  }

  get referred(): ReadonlyMap<string, ReadonlyMap<string, string>> {
    return this.#referred
  }

  /** Gives the name of a condition that holds where another does not. */
  negated(condition: string, hash = ''): string {
    const name = `NOT${condition}${hash}`
    setEntry<unknown>(this.conditions, name, { 'Fn::Not': [{ Condition: condition }] })
    return name
  }

  all(): IterableIterator<[string, Section]> {
    return this.#made.entries()
  }

  resources(): Section {
    return Object.fromEntries(this.#made)
  }

  /** Where a generated path was made from. */
  origin(path: TemplatePath): TemplatePath {
    const [section, id, part, ...rest] = path
    if (section !== 'Resources' || typeof id !== 'string') return path
    const from = this.#origins.get(id)
    if (!from) return path
    // What was taken over keeps its own place; what the user wrote for the whole is the nearest otherwise.
    const source = this.given.get(String(from[1]))
    const has = (name: string) => isMap(source?.Properties) && entryOf(source.Properties, name) !== undefined
    if (from.length > 2 || part !== 'Properties' || typeof rest[0] !== 'string') return from
    if (from[1] === id && has(rest[0])) return [...from, 'Properties', ...rest]
    const renamed = entryOf(MADE_FROM, rest[0])?.find(has)
    return renamed ? [...from, 'Properties', renamed] : from
  }
}

const withoutUndefined = (properties: Properties): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))

/** What a property of a generated resource is written as. */
const MADE_FROM: Readonly<Record<string, readonly string[]>> = {
  AssumeRolePolicyDocument: ['AssumeRolePolicyDocument'],
  Body: ['DefinitionBody'],
  BodyS3Location: ['DefinitionUri'],
  Code: ['CodeUri', 'InlineCode', 'ImageUri'],
  Content: ['ContentUri'],
  DeadLetterConfig: ['DeadLetterQueue'],
  DefinitionS3Location: ['DefinitionUri'],
  DefinitionString: ['Definition'],
  KeySchema: ['PrimaryKey'],
  ManagedPolicyArns: ['Policies'],
  Path: ['RolePath'],
  PermissionsBoundary: ['PermissionsBoundary'],
  Policies: ['Policies'],
  RoleArn: ['Role'],
  TemplateURL: ['Location'],
  TracingConfig: ['Tracing'],
}

/** What every resource takes over from the one that it is made of. */
export const passedOn = ({ Condition, DeletionPolicy, UpdateReplacePolicy }: Attributes): Attributes => ({
  Condition,
  DeletionPolicy,
  UpdateReplacePolicy,
})
