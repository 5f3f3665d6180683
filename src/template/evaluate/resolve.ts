/** Replaces intrinsic functions in template values by what they stand for. */
import { type Functions, functions } from '../functions/functions.ts'
import { templateFault, unsupportedInTemplate } from '../read/template-fault.ts'

/** What `AWS::NoValue` yields; the property or list item that holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue')

/** What a value stands as in a change set when only execution will tell it. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}'

/** Where intrinsic functions find their values. */
export interface Scope {
  /** Parameters and pseudo parameters. */
  readonly values: ReadonlyMap<string, unknown>
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly region: string
  condition(name: string): boolean
  physicalId(logicalId: string): unknown
  attribute(logicalId: string, name: string): unknown
  importValue(name: string): unknown
}

/** Gives the name of the intrinsic function that a map is a call of, if it is one. */
export function intrinsicName(value: object): string | undefined {
  let only: string | undefined
  for (const key in value) {
    if (only !== undefined) return undefined
    only = key
  }
  return only === 'Ref' || only?.startsWith('Fn::') ? only : undefined
}

/** Gives a value with every intrinsic function in it replaced. Errors: ValidationError in AWS's words. */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) {
      const resolved = resolve(item, scope)
      if (resolved !== NO_VALUE) items.push(resolved)
    }
    return items
  }
  const name = intrinsicName(value)
  if (name) return call(name, (value as Record<string, unknown>)[name], scope)
  const entries: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    const resolved = resolve(item, scope)
    if (resolved !== NO_VALUE) entries[key] = resolved
  }
  return entries
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  const found = (functions as Functions)[name]
  if (!found) throw unsupportedInTemplate(`the intrinsic function ${name}`)
  const problem = found.check?.(argument)
  if (problem) throw templateFault(problem)
  return found.apply(argument, scope)
}

/** Gives the value of a `Ref`. */
export function reference(name: string, scope: Scope): unknown {
  if (name === 'AWS::NoValue') return NO_VALUE
  return scope.values.has(name) ? scope.values.get(name) : scope.physicalId(name)
}
