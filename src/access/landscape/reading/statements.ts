/** The statements of a policy document with open values: each with the conditions that it hangs on as a whole. */
import {
  Choice,
  identityOf,
  isList,
  partsOf,
  patterns,
  type Undecided,
  type Value,
} from '../../../template/index.ts'
import type { Fields } from './read-statement.ts'

export interface OpenStatement {
  readonly fields: Fields
  /** None: it certainly stands. */
  readonly when: readonly Undecided[]
}

const isMap = (value: Value | undefined): value is { readonly [name: string]: Value } =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.getPrototypeOf(value) === Object.prototype

/** Gives the statements; what is no statement is left out. A document that nobody knows may say anything. */
export function statementsOf(document: Value | undefined): OpenStatement[] {
  if (document instanceof Choice) {
    const [one, other] = [memberOf(document.ifTrue), memberOf(document.ifFalse)]
    return flattened(new Choice(document.condition, one, other), [])
  }
  return flattened(memberOf(document), [])
}

function memberOf(document: Value | undefined): Value | undefined {
  if (document instanceof Choice)
    return new Choice(document.condition, memberOf(document.ifTrue), memberOf(document.ifFalse))
  return isMap(document) ? document.Statement : document
}

function flattened(value: Value | undefined, when: readonly Undecided[]): OpenStatement[] {
  if (value === undefined) return []
  if (isList(value)) return value.flatMap((one) => flattened(one, when))
  if (value instanceof Choice) return ofChoice(value, when)
  if (isMap(value)) return [{ fields: value, when }]
  return partsOf(value) ? [{ fields: anything(value), when }] : []
}

function ofChoice({ condition, ifTrue, ifFalse }: Choice, when: readonly Undecided[]): OpenStatement[] {
  if (isMap(ifTrue) && isMap(ifFalse) && isSameEffect(ifTrue, ifFalse))
    return [{ fields: ofBoth(condition, ifTrue, ifFalse), when }]
  const others = new Set(listOf(ifFalse).map(identityOf))
  const common = listOf(ifTrue).filter((one) => others.has(identityOf(one)))
  const inBoth = new Set(common.map(identityOf))
  const only = (side: Value | undefined) => listOf(side).filter((one) => !inBoth.has(identityOf(one)))
  return [
    ...flattened(common, when),
    ...[ifTrue, ifFalse].flatMap((side) => flattened(only(side), [...when, condition])),
  ]
}

const listOf = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : isList(value) ? value : [value]

const isSameEffect = (one: Fields, other: Fields): boolean =>
  typeof one.Effect === 'string' && one.Effect === other.Effect

/** One statement whose elements hang on the condition. */
function ofBoth(condition: Undecided, one: Fields, other: Fields): Fields {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return Object.fromEntries(
    [...names].map((name) => {
      const [first, second] = [one[name], other[name]]
      const isSame = identityOf(first) === identityOf(second)
      return [name, isSame ? first : new Choice(condition, first, second)]
    }),
  )
}

/** What a statement says that nobody knows. */
const anything = (value: Value): Fields => ({
  Effect: value,
  Principal: value,
  Action: value,
  Resource: value,
})

/** The effects that a statement may have. */
export function effectsOf({ Effect }: Fields): ('Allow' | 'Deny')[] {
  const texts = patterns(Effect)
  return (['Allow', 'Deny'] as const).filter((one) =>
    texts.some((text) => text === one || text?.includes('*')),
  )
}
