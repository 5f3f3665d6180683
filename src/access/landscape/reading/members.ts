/** The members of a list, or the one value in its place, where conditions and unknown values have a say. */
import {
  Choice,
  identityOf,
  isList,
  partsOf,
  patterns,
  type Undecided,
  type Value,
} from '../../../template/index.ts'
import { matchOf } from './may-match.ts'

/** Everything that may be among the members. */
export function possible(value: Value | undefined): Value[] {
  if (value === undefined) return []
  if (value instanceof Choice) return [...possible(value.ifTrue), ...possible(value.ifFalse)]
  return isList(value) ? value.flatMap(possible) : [value]
}

/** What is among the members whatever is decided. */
export function certain(value: Value | undefined): Value[] {
  if (value === undefined) return []
  if (value instanceof Choice) {
    const others = new Set(certain(value.ifFalse).map(identityOf))
    return certain(value.ifTrue).filter((one) => others.has(identityOf(one)))
  }
  return isList(value) ? value.flatMap(certain) : [value]
}

/**
 * The patterns that certainly match, whatever is decided: those of one branch that the other one takes in too. `folded`:
 * letters count the same in either case.
 */
export function certainPatterns(value: Value | undefined, folded = false): Value[] {
  if (value === undefined) return []
  if (!(value instanceof Choice))
    return isList(value) ? value.flatMap((one) => certainPatterns(one, folded)) : [value]
  const [one, other] = [certainPatterns(value.ifTrue, folded), certainPatterns(value.ifFalse, folded)]
  const within = (some: readonly Value[], all: readonly Value[]) =>
    some.filter((each) => all.some((pattern) => takesIn(pattern, each, folded)))
  const both = [...within(one, other), ...within(other, one)]
  return [...new Map(both.map((each) => [identityOf(each), each])).values()]
}

/** Whether a pattern matches all that another one does. `?` is one letter, which no `*` is sure to be. */
function takesIn(pattern: Value, other: Value, folded: boolean): boolean {
  if (identityOf(pattern) === identityOf(other)) return true
  const [wide, narrow] = [pattern, other].map((one) =>
    partsOf(one)?.map((part) => (folded && typeof part === 'string' ? part.toLowerCase() : part)),
  )
  if (!(wide && narrow) || wide.some((part) => typeof part === 'string' && /[?]|\$\{/.test(part)))
    return false
  return matchOf(wide, narrow) === 'certain'
}

/** Whether nobody knows all of a scalar's text. */
export const hasHole = (value: Value): boolean => typeof value === 'object' && value !== null

/** The texts that scalars may become, `*` for what nobody knows. */
export const patternsOf = (values: readonly Value[]): string[] => [
  ...new Set(values.flatMap((one) => patterns(one)).filter((one) => one !== undefined)),
]

/** Whether a scalar may become texts that cannot be listed. */
export const isEndless = (value: Value): boolean =>
  hasHole(value) && patterns(value).some((one) => one?.includes('*'))

/** A value that stands under conditions. */
export interface Branch<T extends Value | undefined> {
  readonly value: T
  readonly when: readonly Undecided[]
}

/** Gives what a value may be, each under its conditions; undefined where it may be left out. */
export function branchesOf(value: Value | undefined): Branch<Value | undefined>[] {
  if (!(value instanceof Choice)) return [{ value, when: [] }]
  return [value.ifTrue, value.ifFalse].flatMap((side) =>
    branchesOf(side).map((one) => ({ ...one, when: [value.condition, ...one.when] })),
  )
}

/** Gives the members of a list, or the one value in its place, each under its conditions. */
export function membersOf(value: Value | undefined): Branch<Value>[] {
  return branchesOf(value).flatMap(({ value: one, when }): Branch<Value>[] => {
    if (one === undefined || one === null) return []
    if (!isList(one)) return [{ value: one, when }]
    return one.flatMap((each) =>
      membersOf(each).map((found) => ({ ...found, when: [...when, ...found.when] })),
    )
  })
}
