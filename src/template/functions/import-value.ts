/** Fn::ImportValue: what another stack exports. */
import { overChoices } from '../values/choices.ts'
import { textOf } from '../values/text.ts'
import { type IntrinsicFunction, textParts } from './intrinsic-function.ts'

export const importValue: IntrinsicFunction = {
  name: 'Fn::ImportValue',
  apply: (argument, { scope, value }) =>
    overChoices([value(argument)], ([name]) =>
      scope.imported(textOf(textParts(name, 'the name of Fn::ImportValue'))),
    ),
}
