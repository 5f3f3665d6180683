/** Fn::Split: a text into a list. */
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { splitParts } from '../values/text.ts'
import { unknownResult } from '../values/unknowns.ts'
import { Text, Unknown } from '../values/value.ts'
import { type IntrinsicFunction, isListOf } from './intrinsic-function.ts'

const ARGUMENTS =
  'Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.'

export const split: IntrinsicFunction = {
  name: 'Fn::Split',
  check: (argument) => (isListOf(argument, 2) && typeof argument[0] === 'string' ? undefined : ARGUMENTS),
  apply: (argument, { scope, value }) => {
    const [delimiter, source] = argument as [string, unknown]
    return overChoices([value(source)], ([whole]) => {
      if (typeof whole === 'string') return whole.split(delimiter)
      if (!(whole instanceof Text || whole instanceof Unknown)) throw templateFault(ARGUMENTS)
      const { items, isWhole } = splitParts(whole instanceof Text ? whole.parts : [whole], delimiter)
      if (isWhole) return items
      return unknownResult('Fn::Split', scope, [delimiter, whole], { looks: 'list', head: items })
    })
  },
}
