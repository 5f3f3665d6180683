/** Fn::Equals, Fn::And, Fn::Or and Fn::Not where a value is asked for: the truth they give. */
import { Choice, type Value } from '../values/value.ts'
import type { IntrinsicFunction } from './intrinsic-function.ts'

const conditionFunction = (name: string, least: number, most: number): IntrinsicFunction => ({
  name,
  check: (argument) =>
    Array.isArray(argument) && argument.length >= least && argument.length <= most
      ? undefined
      : `Template error: every ${name} object requires a list of ${least === most ? least : `at least ${least} and at most ${most}`} ${name === 'Fn::Equals' ? 'string' : 'boolean'} parameters.`,
  apply: (argument, { decide, scope }): Value => {
    const decision = decide({ [name]: argument })
    if (typeof decision === 'boolean') return decision
    const identity = `${name} ${JSON.stringify(argument)} of ${scope.place}`
    return new Choice({ name, identity, hangsOn: decision.hangsOn }, true, false)
  },
})

export const equals = conditionFunction('Fn::Equals', 2, 2)
export const and = conditionFunction('Fn::And', 2, 10)
export const or = conditionFunction('Fn::Or', 2, 10)
export const not = conditionFunction('Fn::Not', 1, 1)
