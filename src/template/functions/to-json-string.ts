/** Fn::ToJsonString: a value as JSON text (AWS::LanguageExtensions). */
import { type Part, textOf } from '../values/text.ts'
import { hasOpen, unknownsIn } from '../values/unknowns.ts'
import { Choice, Text, Unknown, type Value } from '../values/value.ts'
import type { IntrinsicFunction } from './intrinsic-function.ts'

export const toJsonString: IntrinsicFunction = {
  name: 'Fn::ToJsonString',
  apply: (argument, { value }) => {
    const whole = value(argument)
    return hasOpen(whole) ? withHoles(whole) : JSON.stringify(whole)
  },
}

/** Unknowns become holes in the text; of an undecided condition it is not known which branch will be written. */
function withHoles(whole: Value | undefined): Value {
  const holes: Unknown[] = []
  const mark = (one: Unknown): string => `\u{f0000}${holes.push(one) - 1}\u{f0001}`
  const json = JSON.stringify(whole, (_key, one: unknown) => {
    if (one instanceof Unknown) return mark(one)
    if (one instanceof Text)
      return one.parts.map((part) => (part instanceof Unknown ? mark(part) : part)).join('')
    if (one instanceof Choice)
      return mark(
        new Unknown(`a branch of ${one.condition.name}`, {
          kind: 'function',
          name: 'Fn::If',
          of: unknownsIn(one),
        }),
      )
    return one
  })
  const parts = json.split(/\u{f0000}(\d+)\u{f0001}/u)
  return textOf(parts.map((part, index): Part => (index % 2 === 1 ? holes[Number(part)]! : part)))
}
