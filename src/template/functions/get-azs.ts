/** Fn::GetAZs: the zones of a region. */
import { overChoices } from '../values/choices.ts'
import { textOf } from '../values/text.ts'
import { unknownResult } from '../values/unknowns.ts'
import { type IntrinsicFunction, textParts } from './intrinsic-function.ts'

export const getAzs: IntrinsicFunction = {
  name: 'Fn::GetAZs',
  apply: (argument, { scope, value }) =>
    overChoices([value(argument)], ([given]) => {
      const region = textOf(textParts(given, 'the region of Fn::GetAZs')) || scope.region
      return typeof region === 'string'
        ? ['a', 'b', 'c'].map((zone) => `${region}${zone}`)
        : unknownResult('Fn::GetAZs', scope, [region], { looks: 'list' })
    }),
}
