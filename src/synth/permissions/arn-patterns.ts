/** Fills the ARN patterns of the tables with what a template says. */
import { entryOf } from '../../model/index.ts'
import { permissionsOf } from './index.ts'
import { physicalNames } from './physical-names.ts'
import { branches, type Properties, referredId, valuesAt } from './property-values.ts'
import { resolveText, type TextSurroundings } from './resolve-text.ts'

/**
 * Gives the ARNs of a pattern for a resource with these names; a property with several possible values gives several.
 * A pattern that is an S3 object (`{object:Property}`) gives none where its place is only known at run time.
 */
export function arnPatterns(
  pattern: string,
  names: readonly string[],
  properties: Properties,
  around: TextSurroundings,
): string[] {
  let filled: readonly string[] = ['']
  const parts = partsOf(pattern)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    const values = index % 2 === 0 ? [part] : placeValues(part, names, properties, around)
    filled = values.length === 1 ? filled.map((before) => before + values[0]) : product(filled, values)
  }
  return filled.map((arn) => arn.replace(':parameter//', ':parameter/'))
}

/** Patterns of the tables, taken apart: every second part is the name of a place. */
const patternParts = new Map<string, readonly string[]>()

function partsOf(pattern: string): readonly string[] {
  let parts = patternParts.get(pattern)
  if (!parts) {
    parts = pattern.split(/[{}]/)
    patternParts.set(pattern, parts)
  }
  return parts
}

const product = (all: readonly string[], values: readonly string[]): string[] =>
  all.flatMap((before) => values.map((value) => before + value))

function placeValues(
  place: string,
  names: readonly string[],
  properties: Properties,
  around: TextSurroundings,
): readonly string[] {
  if (place === 'account') return [around.account]
  if (place === 'region') return [around.region]
  if (place === 'name') return names
  if (place === 'Path')
    return Object.hasOwn(properties, 'Path') ? resolveText(properties.Path, around) : ['/']
  const [kind, path] = place.split(':')
  if (kind === 'key') return unique(orUnknown(properties, path!).flatMap((value) => keyArns(value, around)))
  if (kind === 'object') return unique(objectArns(path!.split('/'), properties, around))
  return unique(orUnknown(properties, place).flatMap((value) => referredNames(value, around)))
}

const unique = (values: readonly string[]): string[] => [...new Set(values)]

/** What stands at a path; where nothing does, something that nobody knows. */
function orUnknown(properties: Properties, path: string): unknown[] {
  const values = valuesAt(properties, path)
  return values.length ? values : [undefined]
}

/** What a property refers to: what stands for another resource, the name at the end of an ARN, or text. */
function referredNames(value: unknown, around: TextSurroundings): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referredNames(item, around))
  const all = branches(value)
  if (all.length > 1) return all.flatMap((branch) => referredNames(branch, around))
  const id = referredId(all[0])
  const resource = id === undefined ? undefined : entryOf(around.template.Resources, id)
  const permissions = resource && permissionsOf(resource.Type)
  if (id && permissions) {
    const { Properties = {} } = resource
    const names = physicalNames(id, Properties, permissions, around)
    if (!permissions.referred) return names
    return arnPatterns(permissions.referred, names, Properties, around).map((one) => one.replace(/^\//, ''))
  }
  return resolveText(all[0], around).map(nameIn)
}

/**
 * AWS: an ARN ends with a name; that of a function may have a version or an alias behind it, of a state
 * machine only the machine counts, that of a secret has six
 * characters that are added to its name.
 */
const nameIn = (text: string): string =>
  text.startsWith('arn:')
    ? (/:function:(.+)$/.exec(text)?.[1] ??
      /:stateMachine:([^:]+)/.exec(text)?.[1] ??
      /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(text)?.[1] ??
      text.slice(text.lastIndexOf(':') + 1))
    : text

/** AWS: a key is given by its ARN, its id or an alias; the id of one that a template makes is made up. */
function keyArns(value: unknown, around: TextSurroundings): string[] {
  return resolveText(value, around).map((text) => {
    if (/^arn:[^:]+:kms:.*:key\//.test(text)) return text
    const id = /^[0-9a-f-]{36}$|^mrk-[0-9a-f]+$/.test(text) ? text : '*'
    return `arn:aws:kms:${around.region}:${around.account}:key/${id}`
  })
}

/** An object is given by its address (`s3://bucket/key`, or over https), or by two properties for bucket and key. */
function objectArns(
  [place, keyPlace]: readonly string[],
  properties: Properties,
  around: TextSurroundings,
): string[] {
  const textsAt = (path: string) => valuesAt(properties, path).flatMap((value) => resolveText(value, around))
  const first = textsAt(place!)
  if (keyPlace === undefined) return first.flatMap(objectAt)
  const keys = textsAt(keyPlace)
  return first
    .filter((bucket) => !bucket.includes('*'))
    .flatMap((bucket) => keys.map((key) => `arn:aws:s3:::${bucket}/${key}`))
}

const ADDRESSES = [
  /^s3:\/\/([^/*]+)\/(.+)$/,
  /^https:\/\/([^./*]+)\.s3[.a-z0-9-]*\.amazonaws\.com\/(.+)$/,
  /^https:\/\/s3[.a-z0-9-]*\.amazonaws\.com\/([^/*]+)\/(.+)$/,
]

function objectAt(address: string): string[] {
  for (const pattern of ADDRESSES) {
    const [, bucket, key] = pattern.exec(address) ?? []
    if (bucket) return [`arn:aws:s3:::${bucket}/${key}`]
  }
  return []
}

/**
 * Tells whether a property refers to a resource of a service, or may do so: by a reference, an ARN, a type, or the
 * service's name. `service` is the middle of a type's name, in lower case: `lambda` in AWS::Lambda::Function.
 */
export function refersTo(service: string, value: unknown, around: TextSurroundings): boolean {
  return branches(value).some((branch) => {
    const resource = entryOf(around.template.Resources, referredId(branch) ?? '')
    if (resource) return serviceOf(resource.Type) === service
    return resolveText(branch, around).some((text) => text.includes('*') || serviceOf(text) === service)
  })
}

/** The service that a type, an ARN or a name is of, as types spell it. */
function serviceOf(text: string): string | undefined {
  if (text.startsWith('AWS::')) return text.split('::')[1]!.toLowerCase()
  const [start, , named = ''] = text.split(':')
  const name = (start === 'arn' ? named : text).replaceAll('-', '')
  return entryOf({ elasticloadbalancing: 'elasticloadbalancingv2', cognitoidp: 'cognito' }, name) ?? name
}
