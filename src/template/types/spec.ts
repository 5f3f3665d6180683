/** The public CloudFormation resource specification: what properties and attributes a resource type has. */

import { existsSync, readFileSync } from 'node:fs'
import { entryOf } from '../../model/index.ts'

/**
 * A property's type: `s` string, `n` number, `i` integer, `b` boolean, `j` anything, `t` tag, `d` time, or a list,
 * map, union, enumeration or reference to a definition.
 */
export type TypeSpec =
  | 's'
  | 'n'
  | 'i'
  | 'b'
  | 'j'
  | 't'
  | 'd'
  | readonly ['a' | 'm', TypeSpec]
  | readonly ['u', ...TypeSpec[]]
  | readonly ['e', ...(string | number)[]]
  | readonly ['r', string]

/** `!` required, `*` forces replacement, `~` may force replacement; then the type. */
export type PropertySpec = readonly [flags: string, type: TypeSpec]
export type PropertySpecs = Readonly<Record<string, PropertySpec>>

export interface ResourceSpec {
  readonly type: string
  readonly properties: PropertySpecs
  /** By name, nested ones by dotted name; none of them can be set unless it is a property as well. */
  readonly attributes: Readonly<Record<string, TypeSpec>>
  /** Names of the properties or attributes that `Ref` is made of. */
  readonly identifier: readonly string[]
  /** `arn:${Partition}:s3:::${BucketName}` */
  readonly arnTemplate?: string
  /** The property that holds its tags. */
  readonly tagProperty?: string
  /** Whether a template may give properties that the specification does not name. */
  readonly open: boolean
  /** Dotted paths that force replacement besides the flagged properties. */
  readonly replacedBy: readonly string[]
  definition(name: string): PropertySpecs
}

interface Namespace {
  readonly types: Readonly<Record<string, StoredType>>
  readonly defs: Readonly<Record<string, PropertySpecs>>
}

interface StoredType {
  readonly p: PropertySpecs
  readonly a: Readonly<Record<string, TypeSpec>>
  readonly id?: readonly string[]
  readonly arn?: string
  readonly tags?: readonly [property: string, variant: string]
  readonly replacedBy?: readonly string[]
}

const namespaces = new Map<string, Namespace | undefined>()
const known = new Map<string, ResourceSpec | undefined>()

function namespaceOf(name: string): Namespace | undefined {
  if (namespaces.has(name)) return namespaces.get(name)
  const file = new URL(`./spec/${name}.json`, import.meta.url)
  const loaded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Namespace) : undefined
  namespaces.set(name, loaded)
  return loaded
}

/** Gives a resource type's specification, or undefined where there is no such type. Custom resources have one. */
export function resourceSpec(type: string): ResourceSpec | undefined {
  if (!known.has(type)) known.set(type, load(type))
  return known.get(type)
}

export const isCustomResource = (type: string): boolean =>
  type === 'AWS::CloudFormation::CustomResource' || type.startsWith('Custom::')

/** AWS: a type that the registry does not list: it tells how a template was written, and makes nothing. */
const CDK_METADATA: ResourceSpec = {
  type: 'AWS::CDK::Metadata',
  properties: { Analytics: ['', 's'] },
  attributes: {},
  identifier: [],
  open: false,
  replacedBy: [],
  definition: () => ({}),
}

function load(type: string): ResourceSpec | undefined {
  if (type === CDK_METADATA.type) return CDK_METADATA
  const custom = isCustomResource(type)
  const match = /^(\w+)::(\w+)::(\w+)$/.exec(custom ? 'AWS::CloudFormation::CustomResource' : type)
  if (!match) return undefined
  const namespace = namespaceOf(`${match[1]}_${match[2]}`)
  const stored = entryOf(namespace?.types, match[3]!)
  if (!namespace || !stored) return undefined
  return {
    type,
    properties: stored.p,
    attributes: stored.a,
    identifier: stored.id ?? [],
    arnTemplate: stored.arn,
    tagProperty: stored.tags?.[0],
    open: custom,
    replacedBy: stored.replacedBy ?? [],
    definition: (name) => namespace.defs[name] ?? {},
  }
}

/** Whether `Fn::GetAtt` may ask for an attribute. AWS: custom resources and nested stacks have attributes of their own. */
export function hasAttribute(spec: ResourceSpec, name: string): boolean {
  if (spec.open || Object.hasOwn(spec.attributes, name)) return true
  if (spec.type === 'AWS::CloudFormation::Stack') return name.startsWith('Outputs.')
  const path = name.split('.')
  return path.some((_, index) => index > 0 && Object.hasOwn(spec.attributes, path.slice(0, index).join('.')))
}
