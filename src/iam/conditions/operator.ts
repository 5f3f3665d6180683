/** What a condition operator is. */
import type { Facts } from '../facts.ts'

/** Tests one value of the request against one value of the policy. */
export type ValueTest = (actual: string, facts: Facts) => boolean

export interface ConditionOperator {
  readonly name: string
  /** `StringNotEquals` and its like: true when no value of the policy matches. */
  readonly negated?: boolean
  /**
   * Makes the test for one value of the policy. A value that is no number, date, address … matches nothing.
   * `variables` says whether policy variables are in force (policy version 2012-10-17).
   */
  readonly compile: (wanted: string, variables: boolean) => ValueTest
}

/** Gives an operator and its negation, which share their test. */
export function withNegation(
  name: string,
  negatedName: string,
  compile: ConditionOperator['compile'],
): ConditionOperator[] {
  return [
    { name, compile },
    { name: negatedName, negated: true, compile },
  ]
}

export const matchesNothing: ValueTest = () => false
