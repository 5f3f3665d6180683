/** The comparisons of Choice states. */
import { starPattern } from '../../../../model/index.ts'
import type { ChoiceRule } from './asl.ts'
import { lookUp, type Scope, valueAt } from './paths.ts'

type Compare = (found: never, wanted: never) => boolean

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const isTimestamp = (value: unknown): value is string => typeof value === 'string' && ISO.test(value)

const orders = <T>(is: (value: unknown) => value is T, order: (value: T) => string | number) => {
  const both =
    (test: (one: string | number, other: string | number) => boolean) => (found: unknown, wanted: unknown) =>
      is(found) && is(wanted) && test(order(found), order(wanted))
  return {
    Equals: both((one, other) => one === other),
    LessThan: both((one, other) => one < other),
    GreaterThan: both((one, other) => one > other),
    LessThanEquals: both((one, other) => one <= other),
    GreaterThanEquals: both((one, other) => one >= other),
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isNumber = (value: unknown): value is number => typeof value === 'number'

const FAMILIES = {
  String: orders(isText, (value) => value),
  Numeric: orders(isNumber, (value) => value),
  Timestamp: orders(isTimestamp, (value) => Date.parse(value)),
  Boolean: {
    Equals: (found: unknown, wanted: unknown) => typeof found === 'boolean' && found === wanted,
  },
}

const COMPARISONS: Readonly<Record<string, Compare>> = Object.fromEntries([
  ...Object.entries(FAMILIES).flatMap(([family, tests]) =>
    Object.entries(tests).map(([name, test]) => [`${family}${name}`, test as Compare] as const),
  ),
  ['StringMatches', (found: unknown, wanted: string) => isText(found) && starPattern(wanted)(found)],
])

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsPresent: (value) => value !== undefined,
  IsNumeric: isNumber,
  IsString: isText,
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: isTimestamp,
}

/** Gives the one comparison of a rule; undefined where it has none, or several. */
export function operatorOf(rule: ChoiceRule): string | undefined {
  const found = Object.keys(rule).filter(
    (key) => Object.hasOwn(TYPES, key) || Object.hasOwn(COMPARISONS, key.replace(/Path$/, '')),
  )
  return found.length === 1 ? found[0] : undefined
}

/** Whether a rule holds. Errors: StateError where it names what is not there. */
export function holds(rule: ChoiceRule, scope: Scope): boolean {
  if (rule.And) return rule.And.every((one) => holds(one, scope))
  if (rule.Or) return rule.Or.some((one) => holds(one, scope))
  if (rule.Not) return !holds(rule.Not, scope)
  const operator = operatorOf(rule)!
  const wanted = rule[operator]
  const type = Object.hasOwn(TYPES, operator) ? TYPES[operator] : undefined
  if (type) {
    const isThere = operator === 'IsPresent' ? lookUp(scope, rule.Variable!) : valueAt(scope, rule.Variable!)
    return type(isThere) === wanted
  }
  const found = valueAt(scope, rule.Variable!)
  const other = operator.endsWith('Path') ? valueAt(scope, String(wanted)) : wanted
  return COMPARISONS[operator.replace(/Path$/, '')]!(found as never, other as never)
}
