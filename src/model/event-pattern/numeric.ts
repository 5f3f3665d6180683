/** The match expression `numeric`: one comparison, or a range. */
import { entryOf } from '../entry-of.ts'
import type { Refuse } from './invalid-pattern.ts'
import type { JsonNode } from './json-node.ts'

/** AWS: numbers that patterns can compare. */
const LIMIT = 5e9

type Comparison = (value: number, limit: number) => boolean

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}

/** AWS: `[">", 0, "<=", 5]`; only a lower limit may be followed by a second, upper one. */
export function numericTest(operand: JsonNode, refuse: Refuse): (value: unknown) => boolean {
  if (operand.kind !== 'array') throw refuse('Value of numeric must be an array.', operand.seen)
  const [first, limit, second, upper, extra] = operand.items
  if (first?.kind !== 'string')
    throw refuse(`Invalid member in numeric match: ${first?.value ?? ']'}`, first?.end ?? operand.end)
  const operator = String(first.value)
  const compare = Object.hasOwn(COMPARISONS, operator) ? entryOf(COMPARISONS, operator) : undefined
  if (!compare) throw refuse(`Unrecognized numeric range operator: ${operator}`, first.end)
  const bound = numberOf(limit, operand, operator === '=' ? 'equals' : operator, refuse)
  if (!second) return (value) => typeof value === 'number' && compare(value, bound)
  if (!operator.startsWith('>')) throw refuse('Too many elements in numeric expression', second.seen)
  if (second.kind !== 'string') throw refuse(`Bad value in numeric range: ${second.value}`, second.seen)
  const operator2 = String(second.value)
  if (!operator2.startsWith('<') || !Object.hasOwn(COMPARISONS, operator2))
    throw refuse(`Bad numeric range operator: ${operator2}`, second.end)
  const bound2 = numberOf(upper, operand, operator2, refuse)
  if (extra) throw refuse('Too many terms in numeric range expression', extra.seen)
  if (bound >= bound2) throw refuse('Bottom must be less than top', operand.end)
  const compare2 = entryOf(COMPARISONS, operator2)!
  return (value) => typeof value === 'number' && compare(value, bound) && compare2(value, bound2)
}

function numberOf(node: JsonNode | undefined, list: JsonNode, operator: string, refuse: Refuse): number {
  if (node?.kind !== 'number') throw refuse(`Value of ${operator} must be numeric`, node?.seen ?? list.end)
  const value = node.value as number
  if (Math.abs(value) > LIMIT) throw refuse('Value must be between -5.0E9 and 5.0E9, inclusive', node.end)
  return value
}
