/** NumericEquals and its order relations. */
import { type ConditionOperator, matchesNothing, withNegation } from './operator.ts'

const NUMBER = /^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/
const parse = (text: string): number => (NUMBER.test(text) ? Number(text) : Number.NaN)

function comparing(holds: (actual: number, wanted: number) => boolean): ConditionOperator['compile'] {
  return (wanted) => {
    const number = parse(wanted)
    return Number.isNaN(number) ? matchesNothing : (actual) => holds(parse(actual), number)
  }
}

/** AWS: integers or decimals; neither variables nor wildcards. */
export const numericOperators: ConditionOperator[] = [
  ...withNegation(
    'NumericEquals',
    'NumericNotEquals',
    comparing((actual, wanted) => actual === wanted),
  ),
  { name: 'NumericLessThan', compile: comparing((actual, wanted) => actual < wanted) },
  { name: 'NumericLessThanEquals', compile: comparing((actual, wanted) => actual <= wanted) },
  { name: 'NumericGreaterThan', compile: comparing((actual, wanted) => actual > wanted) },
  { name: 'NumericGreaterThanEquals', compile: comparing((actual, wanted) => actual >= wanted) },
]
