/** Fn::Join: the items of a list as one text. */
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { type Part, textOf } from '../values/text.ts'
import { unknownResult } from '../values/unknowns.ts'
import { isList, Unknown, type Value } from '../values/value.ts'
import { type IntrinsicFunction, isListOf, isWrittenMap, textParts } from './intrinsic-function.ts'

const ARGUMENTS =
  'Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.'

export const join: IntrinsicFunction = {
  name: 'Fn::Join',
  check: (argument) =>
    isListOf(argument, 2) &&
    typeof argument[0] === 'string' &&
    (Array.isArray(argument[1]) || isWrittenMap(argument[1]))
      ? undefined
      : ARGUMENTS,
  apply: (argument, { scope, value }) => {
    const [delimiter, written] = argument as [string, unknown]
    return overChoices([value(written)], ([list]) => {
      if (list instanceof Unknown) return unknownResult('Fn::Join', scope, [delimiter, list])
      if (!isList(list)) throw templateFault(ARGUMENTS)
      return overChoices(list, (items) => joined(items, delimiter))
    })
  },
}

/** Items that a condition leaves out are gone by now. */
function joined(items: readonly (Value | undefined)[], delimiter: string): Value {
  const parts: Part[] = []
  for (const item of items) {
    if (item === undefined) continue
    if (parts.length > 0) parts.push(delimiter)
    parts.push(...textParts(item, 'every item of Fn::Join'))
  }
  return textOf(parts)
}
