/** Fn::GetAtt: an attribute of a resource. */
import { overChoices } from '../values/choices.ts'
import { unknownResult } from '../values/unknowns.ts'
import { type IntrinsicFunction, textParts } from './intrinsic-function.ts'

/** Gives the logical id and the attribute that an `Fn::GetAtt` names. */
export function attributeOf(argument: unknown): [logicalId: string, name: unknown] {
  if (Array.isArray(argument)) {
    const [logicalId, ...rest] = argument
    return [logicalId as string, rest.length === 1 ? rest[0] : rest.join('.')]
  }
  const dot = (argument as string).indexOf('.')
  return [(argument as string).slice(0, dot), (argument as string).slice(dot + 1)]
}

export const getAtt: IntrinsicFunction = {
  name: 'Fn::GetAtt',
  check: (argument) => {
    const parts = typeof argument === 'string' ? argument.split('.') : argument
    return Array.isArray(parts) && parts.length >= 2 && typeof parts[0] === 'string'
      ? undefined
      : 'Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute'
  },
  apply: (argument, { scope, value }) => {
    const [logicalId, name] = attributeOf(argument)
    return overChoices([value(name)], ([known]) => {
      const [only, ...more] = textParts(known, 'the attribute of Fn::GetAtt')
      return typeof only === 'string' && more.length === 0
        ? scope.attribute(logicalId, only)
        : unknownResult(`Fn::GetAtt of ${logicalId}`, scope, [known])
    })
  },
}
