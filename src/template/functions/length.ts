/** Fn::Length: how many items a list has (AWS::LanguageExtensions). */
import { templateFault } from '../read/template-fault.ts'
import { overChoices } from '../values/choices.ts'
import { unknownResult } from '../values/unknowns.ts'
import { isList, Unknown } from '../values/value.ts'
import type { IntrinsicFunction } from './intrinsic-function.ts'

export const length: IntrinsicFunction = {
  name: 'Fn::Length',
  apply: (argument, { scope, value }) =>
    overChoices([value(argument)], ([list]) => {
      if (list instanceof Unknown) return unknownResult('Fn::Length', scope, [list])
      if (!isList(list)) throw templateFault('Template error: Fn::Length requires a list.')
      return overChoices(list, (items) => items.filter((one) => one !== undefined).length)
    }),
}
