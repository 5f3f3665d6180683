/** Values of metric math at one point in time, and the functions on them. */
import { entryOf } from '../../../../model/index.ts'
import { faulty } from './math-tokens.ts'
import { unsupported } from './refuse.ts'

/** Gives the value of a metric at the time that is looked at; undefined where it has none. */
export type Read = (id: string) => number | undefined

/** A number, or a series, which has a value at each time or has not. */
export interface Single {
  readonly isSeries: boolean
  at(read: Read): number | undefined
}

export type Expression = Single | readonly Single[]

export const isList = (one: Expression): one is readonly Single[] => Array.isArray(one)

/**
 * Applies a function to what is given, to each of a list. AWS: what one series lacks and another has is 0, and a point that
 * would be divided by zero is dropped ("Basic arithmetic functions").
 */
export function settled(
  given: readonly Expression[],
  apply: (values: readonly number[]) => number,
): Expression {
  const lists = given.filter(isList)
  if (lists.length > 1) throw faulty('two lists cannot be calculated with each other')
  const [list] = lists
  if (list)
    return list.map(
      (item) =>
        settled(
          given.map((one) => (isList(one) ? item : one)),
          apply,
        ) as Single,
    )
  const singles = given as readonly Single[]
  const isSeries = singles.some((one) => one.isSeries)
  return {
    isSeries,
    at: (read: Read) => {
      const values = singles.map((one) => one.at(read))
      const isKnown = (wanted: boolean) => (one: Single, index: number) =>
        one.isSeries === wanted && values[index] !== undefined
      if (isSeries && !singles.some(isKnown(true))) return undefined
      if (singles.some((one, index) => !one.isSeries && values[index] === undefined)) return undefined
      const result = apply(values.map((value) => value ?? 0))
      return Number.isFinite(result) ? result : undefined
    },
  }
}

type Calculate = (given: readonly Expression[]) => Expression

/** Functions of each point by itself. */
const each =
  (apply: (value: number) => number): Calculate =>
  (given) =>
    settled([only(given)], ([value]) => apply(value!))

function only(given: readonly Expression[]): Expression {
  const [one, ...rest] = given
  if (!one || rest.length) throw faulty('the function takes one argument')
  return one
}

function listOf(given: readonly Expression[]): readonly Single[] {
  const list = only(given)
  if (!isList(list)) throw faulty('the function takes a list of series')
  return list
}

/** AWS: of a list it is a series; of one series a number over all of its time, which alarms should not have. */
const across =
  (name: string, apply: (known: readonly number[], all: number) => number): Calculate =>
  (given) => {
    const list = only(given)
    if (!isList(list)) throw unsupported(`${name} of a single series in metric math; of a list it does`)
    return {
      isSeries: true,
      at: (read: Read) => {
        const known = list.map((one) => one.at(read)).filter((value) => value !== undefined)
        return known.length ? apply(known, list.length) : undefined
      },
    }
  }

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** AWS: a series, or each of a list, with a number or a series where it has no value. */
const fill: Calculate = ([filled, by, ...rest]) => {
  if (!filled || !by || rest.length || isList(by))
    throw faulty('FILL takes a series and what to fill it with')
  const one = (series: Single): Single => ({
    isSeries: true,
    at: (read: Read) => series.at(read) ?? by.at(read),
  })
  return isList(filled) ? filled.map(one) : one(filled)
}

/** AWS: "Using IF expressions": a point is dropped where the condition has none, or is false and nothing else is given. */
const choose: Calculate = ([condition, yes, no, ...rest]) => {
  if (!condition || !yes || rest.length || [condition, yes, no].some((one) => one && isList(one)))
    throw faulty('IF takes a condition, a series or number, and perhaps another one')
  const [asked, met, other] = [condition as Single, yes as Single, no as Single | undefined]
  return {
    isSeries: [asked, met, other].some((one) => one?.isSeries),
    at: (read: Read) => {
      const holds = asked.at(read)
      if (holds === undefined) return undefined
      const chosen = holds === 0 ? other : met
      return chosen && (chosen.at(read) ?? (asked.isSeries ? 0 : undefined))
    },
  }
}

const FUNCTIONS: Readonly<Record<string, Calculate>> = {
  ABS: each(Math.abs),
  CEIL: each(Math.ceil),
  FLOOR: each(Math.floor),
  LOG: each(Math.log),
  LOG10: each(Math.log10),
  SUM: across('SUM', sum),
  AVG: across('AVG', (known, all) => sum(known) / all),
  MIN: across('MIN', (known) => Math.min(...known)),
  MAX: across('MAX', (known) => Math.max(...known)),
  METRIC_COUNT: (given) => {
    const { length } = listOf(given)
    return { isSeries: false, at: () => length }
  },
  FIRST: (given) => listOf(given)[0] ?? [],
  LAST: (given) => listOf(given).at(-1) ?? [],
  FILL: fill,
  IF: choose,
  TIME_SERIES: (given) => {
    const one = only(given)
    if (isList(one) || one.isSeries) throw faulty('TIME_SERIES takes a number')
    return { ...one, isSeries: true }
  },
}

/** Errors: UnsupportedParameter for those that there are not here. */
export function functions(name: string): Calculate {
  const found = entryOf(FUNCTIONS, name)
  if (!found)
    throw unsupported(
      `${name} in metric math; it has ${Object.keys(FUNCTIONS).join(', ')}, METRICS and PERIOD`,
    )
  return found
}
