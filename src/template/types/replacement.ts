/** What changed between two sets of properties, and whether the change forces a new resource. */

import { entryOf } from '../../model/index.ts'
import { deepEqual } from './deep-equal.ts'
import { typeFacts } from './index.ts'
import type { PropertySpecs, ResourceSpec, TypeSpec } from './spec.ts'

export type Recreation = 'Never' | 'Conditionally' | 'Always'

type Properties = Readonly<Record<string, unknown>>

/** Gives the names of the top-level properties that differ. */
export function changedProperties(before: Properties, after: Properties): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !deepEqual(entryOf(before, name), entryOf(after, name)))
}

/** Gives whether the change of one top-level property makes a new resource, going down to the member that differs. */
export function recreationOf(spec: ResourceSpec, name: string, before: unknown, after: unknown): Recreation {
  if (typeFacts(spec.type).replacedBy?.includes(name)) return 'Always'
  const own = ofMembers(spec.properties, { [name]: before }, { [name]: after }, spec)
  if (own === 'Always') return own
  const forced = spec.replacedBy.some((path) => {
    const [first, ...rest] = path.split('.')
    return first === name && !deepEqual(at(before, rest), at(after, rest))
  })
  return forced ? 'Always' : own
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => entryOf(inner as Properties | undefined, key), value)

const worse = (a: Recreation, b: Recreation): Recreation => {
  const order: Recreation[] = ['Never', 'Conditionally', 'Always']
  return order[Math.max(order.indexOf(a), order.indexOf(b))]!
}

function ofMembers(
  specs: PropertySpecs,
  before: Properties,
  after: Properties,
  spec: ResourceSpec,
): Recreation {
  let found: Recreation = 'Never'
  for (const name of changedProperties(before, after)) {
    const [flags, type] = entryOf(specs, name) ?? ['', 'j' as TypeSpec]
    if (flags.includes('*')) return 'Always'
    if (flags.includes('~')) found = worse(found, 'Conditionally')
    found = worse(found, ofType(type, entryOf(before, name), entryOf(after, name), spec))
  }
  return found
}

function ofType(type: TypeSpec, before: unknown, after: unknown, spec: ResourceSpec): Recreation {
  if (typeof type === 'string') return 'Never'
  if (type[0] === 'r' && isMap(before) && isMap(after))
    return ofMembers(spec.definition(type[1] as string), before, after, spec)
  if (type[0] === 'a' && Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before
      .map((item, index) =>
        deepEqual(item, after[index]) ? 'Never' : ofType(type[1] as TypeSpec, item, after[index], spec),
      )
      .reduce<Recreation>(worse, 'Never')
  return 'Never'
}

const isMap = (value: unknown): value is Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Gives the worst of several. */
export const worstRecreation = (all: readonly Recreation[]): Recreation =>
  all.reduce<Recreation>(worse, 'Never')
