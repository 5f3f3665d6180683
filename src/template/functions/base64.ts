/** Fn::Base64: a text, encoded. */
import { overChoices } from '../values/choices.ts'
import { textOf } from '../values/text.ts'
import { unknownResult } from '../values/unknowns.ts'
import { type IntrinsicFunction, textParts } from './intrinsic-function.ts'

export const base64: IntrinsicFunction = {
  name: 'Fn::Base64',
  apply: (argument, { scope, value }) =>
    overChoices([value(argument)], ([whole]) => {
      const text = textOf(textParts(whole, 'every Fn::Base64 object'))
      return typeof text === 'string'
        ? Buffer.from(text).toString('base64')
        : unknownResult('Fn::Base64', scope, [text], { looks: 'path' })
    }),
}
