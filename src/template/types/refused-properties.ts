/** What is refused of a resource's properties beside its specification: rules of its type, and what the embedded cloud does not carry out. */
import { entryOf } from '../../model/index.ts'
import { TemplateFault, type TemplatePath } from '../read/template-fault.ts'
import { unknownsIn } from '../values/unknowns.ts'
import { Choice, isList, isOpen, type Value } from '../values/value.ts'
import { carriedOut } from './carried-out/index.ts'
import { typeFacts } from './index.ts'
import { secureProperties } from './secure-properties.ts'
import { resourceSpec } from './spec.ts'
import type { PropertyRule } from './type-facts.ts'

type Properties = Readonly<Record<string, Value | undefined>>

/** Gives the faults, with paths from the properties on. What hangs on values that nobody knows is let through. */
export const refusedProperties = (type: string, properties: Properties): TemplateFault[] => [
  ...(typeFacts(type).rules ?? []).flatMap((rule) => broken(rule, properties)),
  ...dynamicFaults(type, properties),
  ...notCarriedOut(type, properties),
]

/** Gives what the embedded cloud refuses alone. */
export function notCarriedOut(type: string, properties: Properties): TemplateFault[] {
  const { refused, members = {}, values = {} } = entryOf(carriedOut, type) ?? {}
  const fault = (what: string, path: TemplatePath) =>
    new TemplateFault(`The embedded cloud does not support ${what}`, { path, by: 'crossdock' })
  if (refused !== undefined) return [fault(`${type}: ${refused}.`, [])]
  const known = Object.entries(members).flatMap(([where, names]) =>
    placesAt(properties as Value, where).flatMap(({ value, path }) =>
      membersOf(value)
        .filter((name) => !names.includes(name) && (where !== '' || isProperty(name, type)))
        .map((name) => fault(`the property "${named([...path, name])}" of ${type}.`, [...path, name])),
    ),
  )
  const taken = Object.entries(values).flatMap(([where, some]) =>
    placesAt(properties as Value, where)
      .filter(({ value }) => !isOpen(value) && !some.some((one) => String(one) === String(value)))
      .map(({ value, path }) => fault(`the property "${named(path)}: ${String(value)}" of ${type}.`, path)),
  )
  return [...known, ...taken]
}

/** What the type does not have is refused by AWS. */
const isProperty = (name: string, type: string): boolean =>
  Object.hasOwn(resourceSpec(type)?.properties ?? {}, name)

const named = (path: TemplatePath): string => path.filter((step) => typeof step === 'string').join('.')

interface Placed {
  readonly value: Value
  readonly path: TemplatePath
}

/** What stands at a path of names, in either branch of what is not decided; `[]` goes into each item of a list. */
function placesAt(value: Value, where: string): Placed[] {
  const steps = where === '' ? [] : where.replaceAll('[]', '.[]').split('.')
  let places: Placed[] = branches({ value, path: [] })
  for (const step of steps) places = places.flatMap((one) => into(one, step)).flatMap(branches)
  return places
}

function into({ value, path }: Placed, step: string): Placed[] {
  if (step === '[]')
    return isList(value) ? value.map((one, index) => ({ value: one, path: [...path, index] })) : []
  const member = membersOf(value).includes(step) ? (value as Properties)[step] : undefined
  return member === undefined ? [] : [{ value: member, path: [...path, step] }]
}

function branches({ value, path }: Placed): Placed[] {
  if (!(value instanceof Choice)) return [{ value, path }]
  return [value.ifTrue, value.ifFalse].flatMap((one) =>
    one === undefined ? [] : branches({ value: one, path }),
  )
}

const membersOf = (value: Value): string[] =>
  typeof value === 'object' && value !== null && !isList(value) && !isOpen(value)
    ? Object.keys(value).filter((name) => (value as Properties)[name] !== undefined)
    : []

function broken({ needs, of, within = '', message }: PropertyRule, properties: Properties): TemplateFault[] {
  return placesAt(properties as Value, within).flatMap(({ value, path }) => {
    const given = membersOf(value)
    if (needs === 'scalars')
      return given
        .filter((name) => !isScalar((value as Properties)[name]))
        .map((name) => new TemplateFault(message.replace('{member}', name), { path: [...path, name] }))
    const open = of.some((name) => given.includes(name) && isOpen((value as Properties)[name]))
    if (open) return []
    const [first, ...others] = of.map((name) => given.includes(name) && !isEmpty((value as Properties)[name]))
    const any = others.includes(true)
    const isBroken = needs === 'one' ? !(first || any) : needs === 'not both' ? first && any : first !== any
    return isBroken ? [new TemplateFault(message, { path })] : []
  })
}

const isScalar = (value: Value | undefined): boolean =>
  isOpen(value) || typeof value !== 'object' || value === null

const isEmpty = (value: Value | undefined): boolean =>
  value === undefined || (isList(value) && value.length === 0)

/** AWS: `dynamic-references.html`; a secure string goes into few properties. */
function dynamicFaults(type: string, properties: Properties): TemplateFault[] {
  return Object.entries(properties).flatMap(([name, value]) =>
    unknownsIn(value).flatMap(({ why }) => {
      if (why.kind !== 'dynamic') return []
      const message = dynamicFault(type, name, why.name)
      return message === undefined ? [] : [new TemplateFault(message, { path: [name] })]
    }),
  )
}

/** Gives what is wrong with a dynamic reference in a property, by the reference alone. */
export function dynamicFault(type: string, property: string, reference: string): string | undefined {
  const [service = '', ...parts] = reference.split(':')
  if (service === 'ssm') return undefined
  if (service === 'ssm-secure')
    return entryOf(secureProperties, type)?.includes(property)
      ? undefined
      : `SSM Secure reference is not supported in: [${type}/Properties/${property}]`
  const kind = parts[parts[0] === 'arn' ? 7 : 1]
  if (service === 'secretsmanager' && [undefined, '', 'SecretString'].includes(kind)) return undefined
  const shown = service === 'secretsmanager' ? reference : `{{resolve:${reference}}}`
  return `Incorrect format is used in the following dynamic reference: [${shown}]`
}
