/** The parameters of a stack of which not all is known: what has no value stays open instead of being refused. */
import { entryOf, type Template, type TemplateParameter } from '../../model/index.ts'
import { type StackPlace, unknownOf } from '../values/stack-place.ts'
import type { Value } from '../values/value.ts'
import { isListType, isNoEcho, storedType } from './parameter-declaration.ts'

/**
 * Gives what `Ref` gives for each declared parameter. `given` holds the values that are known, undefined where there is
 * one that nobody knows: the default is not taken then. What an SSM type names is known to the account alone.
 */
export function openParameters(
  { Parameters = {} }: Template,
  given: Readonly<Record<string, string | undefined>>,
  stack: StackPlace,
): [string, Value][] {
  return Object.entries(Parameters).map(([name, declared]) => [
    name,
    openParameter(name, declared, textOf(name, declared, given), stack),
  ])
}

const textOf = (
  name: string,
  { Default }: TemplateParameter,
  given: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  Object.hasOwn(given, name)
    ? entryOf(given, name)
    : Default === undefined || Default === null
      ? undefined
      : String(Default)

function openParameter(
  name: string,
  declared: TemplateParameter,
  value: string | undefined,
  stack: StackPlace,
): Value {
  const { Type = 'String', AllowedValues } = declared
  const isList = isListType(Type)
  const secret = isNoEcho(declared)
  const of = stack.place
  if (storedType(Type) !== undefined)
    return unknownOf(
      stack,
      name,
      { kind: 'stored', name: value ?? name, of },
      { looks: isList ? 'list' : 'anything', secret },
    )
  if (value !== undefined) return isList ? itemsOf(value) : value
  const looks = isList ? 'list' : (AllowedValues?.map(String) ?? 'anything')
  return unknownOf(stack, name, { kind: 'parameter', name, of }, { looks, secret })
}

const itemsOf = (value: string): string[] => (value === '' ? [] : value.split(',').map((one) => one.trim()))

/** An SSM parameter that a stack's parameter takes its value from. */
export interface StoredParameter {
  readonly parameter: string
  /** Its name in Parameter Store, a version or label behind it; undefined where nobody knows it. */
  readonly stored: string | undefined
}

/** Gives the SSM parameters that are read for a stack's parameters; see `openParameters` for `given`. */
export const storedParameters = (
  { Parameters = {} }: Template,
  given: Readonly<Record<string, string | undefined>>,
): StoredParameter[] =>
  Object.entries(Parameters)
    .filter(([, { Type = 'String' }]) => storedType(Type) !== undefined)
    .map(([parameter, declared]) => ({ parameter, stored: textOf(parameter, declared, given) }))
