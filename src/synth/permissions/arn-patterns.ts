/** Fills the ARN patterns of the types' tables with what a stack says. */
import { entryOf } from '../../model/index.ts'
import { propertyPlace, shapeParts, typeFacts, type Value } from '../../template/index.ts'
import { branches, type GrantedStack } from './granted-stack.ts'

/**
 * Gives the ARNs of a pattern for a resource; a property with several possible values gives several. A pattern that is an
 * S3 object (`{object:Property}`) gives none where its place is only known at run time.
 */
export function arnPatterns(pattern: string, id: string, stack: GrantedStack): string[] {
  let filled: string[] = ['']
  const parts = shapeParts(pattern)
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!
    const values = index % 2 === 0 ? [part] : placeValues(part, id, stack)
    filled = values.length === 1 ? filled.map((before) => before + values[0]) : product(filled, values)
  }
  return filled
}

const product = (all: readonly string[], values: readonly string[]): string[] =>
  all.flatMap((before) => values.map((value) => before + value))

function placeValues(place: string, id: string, stack: GrantedStack): readonly string[] {
  switch (place) {
    case 'account':
      return [stack.around.account]
    case 'region':
      return [stack.around.region]
    case 'name':
      return stack.names(id)
    case '/name':
      return stack.names(id).map((name) => (name.startsWith('/') ? name : `/${name}`))
  }
  const [kind, path] = place.split(':')
  if (kind === 'key') return unique(orUnknown(id, path!, stack).flatMap((value) => keyArns(value, stack)))
  if (kind === 'object') return unique(objectArns(path!.split('/'), id, stack))
  const { property, or } = propertyPlace(place)
  if (or === undefined)
    return unique(orUnknown(id, property, stack).flatMap((value) => referredNames(value, stack)))
  const texts = stack.texts(stack.property(id, property))
  return texts.length > 0 ? texts : [or]
}

const unique = (values: readonly string[]): string[] => [...new Set(values)]

/** What stands at a path; where nothing does, something that nobody knows. */
function orUnknown(id: string, path: string, stack: GrantedStack): (Value | undefined)[] {
  const values = stack.at(id, path)
  return values.length ? values : [undefined]
}

/** What a property refers to: what stands for another resource, the name at the end of an ARN, or text. */
function referredNames(value: Value | undefined, stack: GrantedStack): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referredNames(item, stack))
  const all = branches(value)
  if (all.length > 1) return all.flatMap((branch) => referredNames(branch, stack))
  const [only] = all
  const referred = stack.referred(only)
  if (!referred) return only === undefined ? ['*'] : stack.texts(only).map(nameIn)
  const { id, resource } = referred
  const { referred: shape, name } = typeFacts(resource.Type)
  if (shape) return arnPatterns(shape, id, stack).map((one) => one.replace(/^\//, ''))
  return name ? [...stack.names(id)] : stack.texts(only).map(nameIn)
}

/**
 * AWS: an ARN ends with a name; that of a function may have a version or an alias behind it, of a state
 * machine only the machine counts, that of a secret has six characters that are added to its name. A queue is known by
 * its URL, which ends with its name.
 */
const nameIn = (text: string): string =>
  text.startsWith('https://sqs.')
    ? text.slice(text.lastIndexOf('/') + 1)
    : text.startsWith('arn:')
      ? (/:function:(.+)$/.exec(text)?.[1] ??
        /:stateMachine:([^:]+)/.exec(text)?.[1] ??
        /:secret:(.+)-[A-Za-z0-9]{6}$/.exec(text)?.[1] ??
        text.slice(text.lastIndexOf(':') + 1))
      : text

/** AWS: a key is given by its ARN, its id or an alias; the id of one that a template makes is made up. */
export const keyArns = (value: Value | undefined, stack: GrantedStack): string[] =>
  (value === undefined ? ['*'] : stack.texts(value)).map((text) => {
    if (/^arn:[^:]+:kms:.*:key\//.test(text)) return text
    const id = /^[0-9a-f-]{36}$|^mrk-[0-9a-f]+$/.test(text) ? text : '*'
    return `arn:aws:kms:${stack.around.region}:${stack.around.account}:key/${id}`
  })

/** An object is given by its address (`s3://bucket/key`, or over https), or by two properties for bucket and key. */
function objectArns([place, keyPlace]: readonly string[], id: string, stack: GrantedStack): string[] {
  const textsAt = (path: string) => stack.at(id, path).flatMap((value) => stack.texts(value))
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
export function refersTo(service: string, value: Value, stack: GrantedStack): boolean {
  return branches(value).some((branch) => {
    const referred = stack.referred(branch)
    if (referred) return serviceOf(referred.resource.Type) === service
    return stack.texts(branch).some((text) => text.includes('*') || serviceOf(text) === service)
  })
}

/** The service that a type, an ARN or a name is of, as types spell it. */
function serviceOf(text: string): string | undefined {
  if (text.startsWith('AWS::')) return text.split('::')[1]!.toLowerCase()
  const [start, , named = ''] = text.split(':')
  const name = (start === 'arn' ? named : text).replaceAll('-', '')
  return entryOf({ elasticloadbalancing: 'elasticloadbalancingv2', cognitoidp: 'cognito' }, name) ?? name
}
