/** Filter policies: which messages a subscription wants. */
import type { Subscription } from './state.ts'

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
  const policy = JSON.parse(subscription.filterPolicy) as Record<string, unknown>
  if (subscription.filterPolicyScope === 'MessageAttributes')
    return matchesAll(policy, attributeValues(message))
  try {
    return matchesAll(policy, JSON.parse(message.message))
  } catch {
    return false
  }
}

function attributeValues({ attributes }: Filterable): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => {
      if (Type === 'Number') return [name, Number(Value)]
      return [name, Type === 'String.Array' ? JSON.parse(Value) : Value]
    }),
  )
}

function matchesAll(policy: Record<string, unknown>, values: unknown): boolean {
  const record = (values !== null && typeof values === 'object' ? values : {}) as Record<string, unknown>
  return Object.entries(policy).every(([key, wanted]) => {
    if (!Array.isArray(wanted)) return matchesAll(wanted as Record<string, unknown>, record[key])
    const found = record[key]
    const candidates = Array.isArray(found) ? found : [found]
    return wanted.some((condition) => candidates.some((value) => matches(condition, value)))
  })
}

function matches(condition: unknown, value: unknown): boolean {
  if (condition === null || typeof condition !== 'object') return condition === value
  const rule = condition as Record<string, unknown>
  if ('exists' in rule) return (value !== undefined) === rule.exists
  if ('prefix' in rule) return typeof value === 'string' && value.startsWith(String(rule.prefix))
  if ('suffix' in rule) return typeof value === 'string' && value.endsWith(String(rule.suffix))
  if ('equals-ignore-case' in rule)
    return (
      typeof value === 'string' && value.toLowerCase() === String(rule['equals-ignore-case']).toLowerCase()
    )
  if ('anything-but' in rule) return value !== undefined && !anyOf(rule['anything-but'], value)
  if ('numeric' in rule)
    return typeof value === 'number' && inRange(rule.numeric as (string | number)[], value)
  return false
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
