/** Ref: a parameter's value, or what a resource is known by. */
import type { Scope } from '../evaluate/evaluating.ts'
import type { Value } from '../values/value.ts'
import type { IntrinsicFunction } from './intrinsic-function.ts'

/** Gives what a name stands for; undefined for AWS::NoValue. */
export function referenced(name: string, scope: Scope): Value | undefined {
  if (name === 'AWS::NoValue') return undefined
  return scope.values.has(name) ? scope.values.get(name) : scope.reference(name)
}

export const ref: IntrinsicFunction = {
  name: 'Ref',
  check: (argument) =>
    typeof argument === 'string'
      ? undefined
      : 'Template format error: every Ref object must have a single String value.',
  apply: (argument, { scope }) => referenced(argument as string, scope),
}
