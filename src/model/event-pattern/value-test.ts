/** The match expressions of an event pattern: what may stand in a field's array beside plain values. */
import { entryOf } from '../entry-of.ts'
import type { Refuse } from './invalid-pattern.ts'
import { ipRange } from './ip-range.ts'
import type { JsonNode } from './json-node.ts'
import { numericTest } from './numeric.ts'
import { wildcard } from './wildcard.ts'

export type Leaf = string | number | boolean | null

/** Says whether a value that is there fits. */
export type ValueTest = (value: Leaf) => boolean

type Expression = (operand: JsonNode, refuse: Refuse) => ValueTest

const text = (test: (value: string) => boolean): ValueTest => {
  return (value) => typeof value === 'string' && test(value)
}

function stringOf(operand: JsonNode, refuse: Refuse, complaint: string): string {
  if (operand.kind !== 'string') throw refuse(complaint, operand.seen)
  return operand.value as string
}

/** A prefix or suffix, as it is or without regard to case. */
function affix(operand: JsonNode, refuse: Refuse, name: 'prefix' | 'suffix'): ValueTest {
  const fits = name === 'prefix' ? 'startsWith' : 'endsWith'
  const [member] = operand.members
  if (member?.name === 'equals-ignore-case' && operand.members.length === 1) {
    const wanted = stringOf(
      member.node,
      refuse,
      `equals-ignore-case match pattern must be a string`,
    ).toLowerCase()
    return text((value) => value.toLowerCase()[fits](wanted))
  }
  const wanted = stringOf(operand, refuse, `${name} match pattern must be a string`)
  return text((value) => value[fits](wanted))
}

const equalsIgnoreCase: Expression = (operand, refuse) => {
  const wanted = stringOf(operand, refuse, 'equals-ignore-case match pattern must be a string').toLowerCase()
  return text((value) => value.toLowerCase() === wanted)
}

const EXPRESSIONS: Readonly<Record<string, Expression>> = {
  exactly: (operand, refuse) => {
    const wanted = stringOf(operand, refuse, 'exact match pattern must be a string')
    return (value) => value === wanted
  },
  prefix: (operand, refuse) => affix(operand, refuse, 'prefix'),
  suffix: (operand, refuse) => affix(operand, refuse, 'suffix'),
  'equals-ignore-case': equalsIgnoreCase,
  wildcard: (operand, refuse) => {
    const pattern = stringOf(operand, refuse, 'wildcard match pattern must be a string')
    return text(wildcard(pattern, (reason) => refuse(reason, operand.end)))
  },
  // AWS: the complaint speaks of a prefix here too.
  cidr: (operand, refuse) =>
    text(ipRange(stringOf(operand, refuse, 'prefix match pattern must be a string'), refuse)),
  numeric: numericTest,
  'anything-but': anythingBut,
}

/** Gives the test of a match expression `{ "prefix": … }`. `exists` is not among them: it is about values not there. */
export function valueTest(expression: JsonNode, refuse: Refuse): ValueTest {
  const [member] = expression.members
  if (!member) throw refuse('Match expression name not found', expression.end)
  const make = Object.hasOwn(EXPRESSIONS, member.name) ? entryOf(EXPRESSIONS, member.name) : undefined
  if (!make) throw refuse(`Unrecognized match type ${member.name}`, member.node.seen)
  const test = make(member.node, refuse)
  const second = expression.members[1]
  if (second) throw refuse('Only one key allowed in match expression', second.node.seen)
  return test
}

/** Expressions that may stand inside `anything-but`, for one string each. */
const INSIDE_ANYTHING_BUT = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard']

/** AWS: fits every value that is there but the ones given. */
function anythingBut(operand: JsonNode, refuse: Refuse): ValueTest {
  if (operand.kind === 'object') return anythingButExpression(operand, refuse)
  if (operand.kind !== 'array' && operand.kind !== 'string' && operand.kind !== 'number')
    throw refuse('Value of anything-but must be an array or single string/number value.', operand.seen)
  const items = operand.kind === 'array' ? operand.items : [operand]
  const odd = items.find((item) => item.kind !== 'string' && item.kind !== 'number')
  if (odd) throw refuse('Inside anything but list, start|null|boolean is not supported.', odd.seen)
  if (new Set(items.map((item) => item.kind)).size !== 1)
    throw refuse(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
      operand.end,
    )
  const excluded = new Set(items.map((item) => item.value))
  return (value) => !excluded.has(value)
}

function anythingButExpression(operand: JsonNode, refuse: Refuse): ValueTest {
  const [member] = operand.members
  if (!member) throw refuse('Anything-But expression name not found', operand.end)
  const { name, node } = member
  if (!INSIDE_ANYTHING_BUT.includes(name))
    throw refuse(`Unsupported anything-but pattern: ${name}`, node.seen)
  if (node.kind === 'object')
    throw refuse('Value of anything-but must be an array or single string/number value.', node.seen)
  const isAffix = name === 'prefix' || name === 'suffix'
  const tests = (node.kind === 'array' ? node.items : [node]).map((item) => {
    if (item.kind !== 'string')
      throw refuse(
        isAffix
          ? 'prefix/suffix match pattern must be a string'
          : `Inside anything-but/${name} list, number|start|null|boolean is not supported.`,
        item.seen,
      )
    if (isAffix && item.value === '') throw refuse('Null prefix/suffix not allowed', item.end)
    return entryOf(EXPRESSIONS, name)!(item, refuse)
  })
  if (!tests.length) throw refuse('Empty arrays are not allowed', node.end)
  const second = operand.members[1]
  if (second) throw refuse('Only one key allowed in match expression', second.node.seen)
  return (value) => !tests.some((test) => test(value))
}
