/** Fn::FindInMap: a value of the Mappings section. */
import type { Evaluating, Scope } from '../evaluate/evaluating.ts'
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { identityOf, unknownResult } from '../values/unknowns.ts'
import { isOpen, type Value } from '../values/value.ts'
import { type IntrinsicFunction, isListOf, isWrittenMap, textParts } from './intrinsic-function.ts'

export const findInMap: IntrinsicFunction = {
  name: 'Fn::FindInMap',
  check: (argument) =>
    isListOf(argument, 3) || isListOf(argument, 4)
      ? undefined
      : 'Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value',
  apply: (argument, evaluating) => {
    const [map, first, second, options] = argument as unknown[]
    const keys = [map, first, second].map((part) => evaluating.value(part))
    return overChoices(keys, (known) => found(known, options, evaluating))
  },
}

function found(
  keys: readonly (Value | undefined)[],
  options: unknown,
  evaluating: Evaluating,
): Value | undefined {
  const { mappings } = evaluating.scope
  for (const key of keys) textParts(key, 'every key of Fn::FindInMap')
  if (keys.some((key) => key !== undefined && isOpen(key))) return oneOf(keys, evaluating.scope)
  const [name, key, attribute] = keys.map(String) as [string, string, string]
  const value = own(own(own(mappings, name), key), attribute)
  if (value !== undefined) return value as Value
  if (isWrittenMap(options) && 'DefaultValue' in options) {
    const given = evaluating.value(options.DefaultValue)
    if (given !== undefined) return given
  }
  if (own(mappings, name) === undefined) throw noSuchMapping(name)
  throw templateFault(`Template error: Unable to get mapping for ${name}::${key}::${attribute}`, [
    'Mappings',
    name,
  ])
}

/** Gives the fault of a map that the template does not have. */
export const noSuchMapping = (name: string) =>
  templateFault(
    `Template error: Mapping named '${name}' is not present in the 'Mappings' section of template.`,
  )

/** What stands under a key, where something does; names of `Object.prototype` are none. */
const own = (map: unknown, key: string): unknown =>
  isWrittenMap(map) && Object.hasOwn(map, key) ? map[key] : undefined

/** A key that is open gives one of what stands there. */
function oneOf(keys: readonly (Value | undefined)[], scope: Scope): Value {
  let maps: unknown[] = [scope.mappings]
  for (const key of keys) {
    maps = maps.flatMap((map) => {
      if (!isWrittenMap(map)) return []
      if (key !== undefined && isOpen(key)) return Object.values(map)
      const inner = own(map, String(key))
      return inner === undefined ? [] : [inner]
    })
  }
  const values = [...new Map(maps.map((one) => [identityOf(one as Value), one as Value])).values()]
  if (values.length === 1) return values[0]!
  const texts = values.filter((one) => typeof one === 'string')
  const looks = texts.length === values.length && texts.length > 0 ? texts : 'anything'
  return unknownResult('Fn::FindInMap', scope, keys, { looks })
}
