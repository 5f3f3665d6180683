/** Fn::If: one of two values, by a condition. */
import { chosen } from '../values/choices.ts'
import { type IntrinsicFunction, isListOf } from './intrinsic-function.ts'

export const ifFunction: IntrinsicFunction = {
  name: 'Fn::If',
  check: (argument) =>
    isListOf(argument, 3) && typeof argument[0] === 'string'
      ? undefined
      : 'Template error: every Fn::If object requires a list of 3 parameters: a condition name, a value if true and a value if false.',
  apply: (argument, { condition, value, assuming }) => {
    const [name, then, otherwise] = argument as [string, unknown, unknown]
    const decision = condition(name)
    if (typeof decision === 'boolean') return value(decision ? then : otherwise)
    return chosen(
      decision,
      assuming(name, true, () => value(then)),
      assuming(name, false, () => value(otherwise)),
    )
  },
}
