/** The Conditions section: named conditions, evaluated once each when they are asked for. */

import { templateFault } from '../read/template-fault.ts'
import { resolve, type Scope } from './resolve.ts'

/** Gives the function that tells whether a condition holds. Errors: ValidationError for unknown or circular ones. */
export function conditionsOf(
  declared: Readonly<Record<string, unknown>>,
  scope: () => Scope,
): (name: string) => boolean {
  const known = new Map<string, boolean | 'evaluating'>()
  return (name) => {
    const before = known.get(name)
    if (before === 'evaluating')
      throw templateFault(`Template error: Found circular condition dependency with ${name}`)
    if (before !== undefined) return before
    if (!(name in declared)) throw templateFault(`Template error: Condition ${name} is not defined`)
    known.set(name, 'evaluating')
    const holds = evaluateCondition(declared[name], scope())
    known.set(name, holds)
    return holds
  }
}

/** Gives the truth of a condition function. Errors: ValidationError where it is none. */
export function evaluateCondition(expression: unknown, scope: Scope): boolean {
  if (typeof expression === 'boolean') return expression
  if (typeof expression === 'string' && /^(true|false)$/.test(expression)) return expression === 'true'
  const [name, argument] = Object.entries((expression ?? {}) as Record<string, unknown>)[0] ?? []
  const each = () => (argument as unknown[]).map((one) => evaluateCondition(one, scope))
  if (name === 'Condition') return scope.condition(argument as string)
  if (name === 'Fn::And') return each().every(Boolean)
  if (name === 'Fn::Or') return each().some(Boolean)
  if (name === 'Fn::Not') return !each()[0]
  if (name === 'Fn::Equals') {
    const [left, right] = (argument as unknown[]).map((one) => comparable(resolve(one, scope)))
    return left === right
  }
  throw templateFault(
    'Template format error: Conditions can only be boolean operations on parameters and other conditions',
  )
}

const comparable = (value: unknown): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value)
