/** Filter policies: which messages a subscription wants. */

import { BlockList, isIP } from 'node:net'
import { entryOf, readJson, starPattern } from '../../../../model/index.ts'
import type { Subscription } from '../state.ts'

export interface Filterable {
  readonly message: string
  readonly attributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>
}

/**
 * Whether the subscription's filter policy, if it has one, takes the message.
 * AWS: every key must match (AND); of a key's list one condition is enough (OR).
 */
export function wants(subscription: Subscription, message: Filterable): boolean {
  if (!subscription.filterPolicy) return true
  const policy = readJson(subscription.filterPolicy) as Record<string, unknown>
  if (subscription.filterPolicyScope === 'MessageAttributes')
    return matchesAll(policy, attributeValues(message))
  try {
    return matchesAll(policy, readJson(message.message))
  } catch {
    return false
  }
}

function attributeValues({ attributes }: Filterable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => {
      if (Type === 'Number') return [name, Number(Value)]
      return [name, Type === 'String.Array' ? readJson(Value) : Value]
    }),
  )
}

function matchesAll(policy: Record<string, unknown>, values: unknown): boolean {
  const record = (values !== null && typeof values === 'object' ? values : {}) as Record<string, unknown>
  return Object.entries(policy).every(([key, wanted]) => {
    if (key === '$or') return (wanted as Record<string, unknown>[]).some((one) => matchesAll(one, values))
    const found = entryOf(record, key)
    if (!Array.isArray(wanted)) {
      const nested = Array.isArray(found) ? found : [found]
      return nested.some((one) => matchesAll(wanted as Record<string, unknown>, one))
    }
    const candidates = Array.isArray(found) ? found : [found]
    return wanted.some((condition) => candidates.some((value) => matches(condition, value)))
  })
}

const onText = (value: unknown, test: (text: string) => boolean): boolean =>
  typeof value === 'string' && test(value)

/** What a condition's operand is held against a value with, by operator. */
const OPERATORS: Readonly<Record<string, (operand: unknown, value: unknown) => boolean>> = {
  exists: (operand, value) => (value !== undefined) === operand,
  prefix: (operand, value) => onText(value, (text) => text.startsWith(String(operand))),
  suffix: (operand, value) => onText(value, (text) => text.endsWith(String(operand))),
  'equals-ignore-case': (operand, value) =>
    onText(value, (text) => text.toLowerCase() === String(operand).toLowerCase()),
  'anything-but': (operand, value) => value !== undefined && !anyOf(operand, value),
  numeric: (operand, value) => typeof value === 'number' && inRange(operand as (string | number)[], value),
  wildcard: (operand, value) => onText(value, starPattern(String(operand))),
  cidr: (operand, value) => onText(value, (text) => inBlock(String(operand), text)),
}

function matches(condition: unknown, value: unknown): boolean {
  if (condition === null || typeof condition !== 'object') return condition === value
  const [[operator, operand] = ['', undefined]] = Object.entries(condition)
  return entryOf(OPERATORS, operator)?.(operand, value) ?? false
}

/** What is wrong with a filter policy, in AWS's words where they are known; undefined when nothing is. */
export function filterProblem(policy: unknown): string | undefined {
  if (policy === null || typeof policy !== 'object' || Array.isArray(policy))
    return 'Filter policy must be a JSON object'
  for (const [key, wanted] of Object.entries(policy)) {
    const problem = fieldProblem(key, wanted)
    if (problem) return problem
  }
  return undefined
}

function fieldProblem(key: string, wanted: unknown): string | undefined {
  if (key === '$or' && Array.isArray(wanted))
    return wanted.map(filterProblem).find((one) => one !== undefined)
  if (!Array.isArray(wanted))
    return wanted !== null && typeof wanted === 'object'
      ? filterProblem(wanted)
      : `"${key}" must be an object or an array`
  if (!wanted.length) return 'Empty arrays are not allowed'
  for (const condition of wanted) {
    if (condition === null || typeof condition !== 'object') continue
    const operators = Object.keys(condition)
    const unknown = operators.find((one) => !Object.hasOwn(OPERATORS, one))
    if (unknown !== undefined) return `Unrecognized match type ${unknown}`
    if (operators.length !== 1) return 'Only one key allowed in match expression'
  }
  return undefined
}

function inBlock(range: string, address: string): boolean {
  const [start = '', bits] = range.split('/')
  const family = isIP(start) === 6 ? 'ipv6' : 'ipv4'
  if (!isIP(start) || isIP(address) !== isIP(start)) return false
  const block = new BlockList()
  block.addSubnet(start, Number(bits), family)
  return block.check(address, family)
}

function anyOf(excluded: unknown, value: unknown): boolean {
  const list = Array.isArray(excluded) ? excluded : [excluded]
  return list.some((one) => matches(one, value))
}

function inRange(bounds: readonly (string | number)[], value: number): boolean {
  for (let at = 0; at + 1 < bounds.length; at += 2) {
    const limit = Number(bounds[at + 1])
    const holds: Record<string, boolean> = {
      '=': value === limit,
      '<': value < limit,
      '<=': value <= limit,
      '>': value > limit,
      '>=': value >= limit,
    }
    if (!holds[String(bounds[at])]) return false
  }
  return true
}
