/** Holds a resource's properties against the resource specification. */
import { entryOf, setEntry } from '../../model/index.ts'
import { isOpen } from '../values/value.ts'
import type { PropertySpecs, ResourceSpec, TypeSpec } from './spec.ts'

export interface CheckedProperties {
  /** The properties with scalars in the type the specification asks for: text of a parameter becomes a number. */
  readonly properties: Record<string, unknown>
  /** In AWS's words: `#/Tags: expected type: JSONArray, found: String`. */
  readonly problems: string[]
}

type Definitions = Pick<ResourceSpec, 'definition'>

/** AWS: CloudFormation accepts text for numbers and booleans and the other way round. */
export function checkProperties(
  spec: ResourceSpec,
  given: Readonly<Record<string, unknown>>,
): CheckedProperties {
  const problems: string[] = []
  const checked = checkMembers(spec.properties, given, '#', spec, problems, spec)
  return { properties: checked, problems }
}

/** Gives the message of a failed check, as CloudFormation words it in an event. */
export const propertiesFailure = (logicalId: string, problems: readonly string[]): string => {
  const count = problems.length > 1 ? [`#: ${problems.length} schema violations found`] : []
  return `Properties validation failed for resource ${logicalId} with message:\n${[...count, ...problems].join('\n')}`
}

function checkMembers(
  specs: PropertySpecs,
  given: Readonly<Record<string, unknown>>,
  path: string,
  definitions: Definitions,
  problems: string[],
  top?: ResourceSpec,
): Record<string, unknown> {
  const checked: Record<string, unknown> = {}
  for (const name in specs)
    if (entryOf(specs, name)![0].includes('!') && entryOf(given, name) === undefined)
      problems.push(`${path}: required key [${name}] not found`)
  for (const name in given) {
    const spec = entryOf(specs, name)
    if (spec)
      setEntry(checked, name, checkValue(spec[1], given[name], `${path}/${name}`, definitions, problems))
    else if (top?.open) setEntry(checked, name, given[name])
    else if (top && Object.hasOwn(top.attributes, name))
      problems.push(`${path}/${name}: read-only property cannot be set`)
    else problems.push(`${path}: extraneous key [${name}] is not permitted`)
  }
  return checked
}

const kindOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'JSONArray'
  if (value === null) return 'Null'
  const kinds: Record<string, string> = { string: 'String', number: 'Number', boolean: 'Boolean' }
  return kinds[typeof value] ?? 'JSONObject'
}

function checkValue(
  type: TypeSpec,
  value: unknown,
  path: string,
  definitions: Definitions,
  problems: string[],
): unknown {
  const wrong = (expected: string): unknown => {
    problems.push(`${path}: expected type: ${expected}, found: ${kindOf(value)}`)
    return value
  }
  // What nobody knows yet may turn out right.
  if (isOpen(value)) return value
  switch (typeof type === 'string' ? type : type[0]) {
    case 'j':
      return value
    case 's':
    case 'd':
      return typeof value === 'object' ? wrong('String') : String(value)
    case 'n':
    case 'i':
      return asNumber(value, type === 'i') ?? wrong(type === 'i' ? 'Integer' : 'Number')
    case 'b':
      return asBoolean(value) ?? wrong('Boolean')
    case 't':
      return isMap(value) ? checkMembers(tagSpecs, value, path, definitions, problems) : wrong('JSONObject')
    case 'e':
      return checkEnumeration(type as readonly ['e', ...(string | number)[]], value, path, problems, wrong)
    case 'a':
      if (!Array.isArray(value)) return wrong('JSONArray')
      return value.map((item, index) =>
        checkValue(type[1] as TypeSpec, item, `${path}/${index}`, definitions, problems),
      )
    case 'm':
      if (!isMap(value)) return wrong('JSONObject')
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          checkValue(type[1] as TypeSpec, item, `${path}/${key}`, definitions, problems),
        ]),
      )
    case 'r':
      if (!isMap(value)) return wrong('JSONObject')
      return checkMembers(definitions.definition(type[1] as string), value, path, definitions, problems)
    default:
      return checkUnion(type.slice(1) as unknown as TypeSpec[], value, path, definitions, problems)
  }
}

const tagSpecs: PropertySpecs = { Key: ['!', 's'], Value: ['!', 's'], PropagateAtLaunch: ['', 'b'] }

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function asNumber(value: unknown, integer: boolean): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
  return integer && !Number.isInteger(number) ? undefined : number
}

function asBoolean(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value
  if (typeof value !== 'string' || !/^(true|false)$/i.test(value)) return undefined
  return value.toLowerCase() === 'true'
}

function checkEnumeration(
  type: readonly ['e', ...(string | number)[]],
  value: unknown,
  path: string,
  problems: string[],
  wrong: (expected: string) => unknown,
): unknown {
  if (typeof value === 'object') return wrong('String')
  const found = type.slice(1).find((one) => String(one) === String(value))
  if (found === undefined) problems.push(`${path}: ${String(value)} is not a valid enum value`)
  return found ?? value
}

/** The first member that fits decides; where none does, the first one's complaint is given. */
function checkUnion(
  types: readonly TypeSpec[],
  value: unknown,
  path: string,
  definitions: Definitions,
  problems: string[],
): unknown {
  let first: string[] | undefined
  for (const type of types) {
    const own: string[] = []
    const checked = checkValue(type, value, path, definitions, own)
    if (own.length === 0) return checked
    first ??= own
  }
  problems.push(...(first ?? []))
  return value
}
