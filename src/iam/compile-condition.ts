/** Turns the Condition element of a statement into closures. */
import type { ConditionBlock } from '../model/index.ts'
import { conditionOperators } from './conditions/index.ts'
import { compileNull } from './conditions/null.ts'
import type { ConditionOperator, ValueTest } from './conditions/operator.ts'
import { contextValue, type Facts, type KeyReader, type KeyValue } from './facts.ts'
import { PolicySyntaxError } from './policy-syntax-error.ts'
import { listOf } from './read-document.ts'

/** One operator applied to one key. */
export interface ConditionTest {
  /** The operator as written, `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly wanted: readonly string[]
  readonly read: KeyReader
  readonly holds: (facts: Facts) => boolean
}

type SetOperator = 'ForAnyValue' | 'ForAllValues' | undefined

interface ParsedOperator {
  readonly quantifier: SetOperator
  readonly operator: ConditionOperator | 'Null'
  readonly ifExists: boolean
}

const OPERATORS = new Map(conditionOperators.map((operator) => [operator.name.toLowerCase(), operator]))
const WRITTEN = /^(?:(ForAnyValue|ForAllValues):)?(.+?)(IfExists)?$/i

/** Gives the parts of an operator's name; throws PolicySyntaxError for a name that AWS does not know. */
export function parseOperator(written: string): ParsedOperator {
  const [, quantifier, name = '', ifExists] = WRITTEN.exec(written) ?? []
  if (name.toLowerCase() === 'null' && !quantifier && !ifExists)
    return { quantifier: undefined, operator: 'Null', ifExists: false }
  const operator = OPERATORS.get(name.toLowerCase())
  if (!operator) throw new PolicySyntaxError(`Unknown condition operator "${written}"`)
  return { quantifier: quantifierNamed(quantifier), operator, ifExists: ifExists !== undefined }
}

function quantifierNamed(name: string | undefined): SetOperator {
  if (!name) return undefined
  return name.toLowerCase() === 'foranyvalue' ? 'ForAnyValue' : 'ForAllValues'
}

/** Gives the tests of a condition block; all of them must hold. Throws PolicySyntaxError. */
export function compileCondition(block: ConditionBlock, variables: boolean): ConditionTest[] {
  return Object.entries(block).flatMap(([written, keys]) =>
    Object.entries(keys).map(([key, values]) =>
      compileTest(written, key, listOf(values).map(String), variables),
    ),
  )
}

function compileTest(
  written: string,
  key: string,
  wanted: readonly string[],
  variables: boolean,
): ConditionTest {
  if (!key.includes(':'))
    throw new PolicySyntaxError(
      `Condition key "${key}" under "${written}" must be prefaced by a vendor, such as aws: or s3:`,
    )
  const { quantifier, operator, ifExists } = parseOperator(written)
  const read = contextValue(key)
  const test =
    operator === 'Null'
      ? compileNull(wanted)
      : compileValues(operator, quantifier, ifExists, wanted, variables)
  return { operator: written, key, wanted, read, holds: (facts) => test(read(facts), facts) }
}

type KeyTest = (value: KeyValue, facts: Facts) => boolean

function compileValues(
  operator: ConditionOperator,
  quantifier: SetOperator,
  ifExists: boolean,
  wanted: readonly string[],
  variables: boolean,
): KeyTest {
  const tests = wanted.map((value) => operator.compile(value, variables))
  const one = oneValue(tests, operator.negated === true)
  if (quantifier === 'ForAllValues') return forAllValues(one)
  if (quantifier === 'ForAnyValue') return forAnyValue(one, ifExists)
  return singleValue(one, ifExists || operator.negated === true, operator.negated === true)
}

/** Tests one value of the request against all values of the policy: any must match, or none when negated. */
function oneValue(tests: readonly ValueTest[], negated: boolean): ValueTest {
  const [only] = tests
  if (only && tests.length === 1) return negated ? (actual, facts) => !only(actual, facts) : only
  return (actual, facts) => {
    for (const test of tests) if (test(actual, facts)) return !negated
    return negated
  }
}

/**
 * Without a set operator a key has one value.
 *
 * AWS: a key that is not there matches a negated operator and `…IfExists`, and nothing else. Several values of a
 * multivalued key need a set operator; without one they equal nothing.
 */
function singleValue(one: ValueTest, whenAbsent: boolean, whenSeveral: boolean): KeyTest {
  return (value, facts) => {
    if (typeof value === 'string') return one(value, facts)
    if (value === undefined || value.length === 0) return whenAbsent
    return value.length === 1 ? one(value[0]!, facts) : whenSeveral
  }
}

/** AWS: true when the key is not there or resolves to nothing, such as an empty text. */
function forAllValues(one: ValueTest): KeyTest {
  return (value, facts) => {
    if (value === undefined || value === '') return true
    if (typeof value === 'string') return one(value, facts)
    return value.every((item) => one(item, facts))
  }
}

/** AWS: false when the key is not there, also for a negated operator. */
function forAnyValue(one: ValueTest, whenAbsent: boolean): KeyTest {
  return (value, facts) => {
    if (value === undefined || value.length === 0) return whenAbsent
    return typeof value === 'string' ? one(value, facts) : value.some((item) => one(item, facts))
  }
}
