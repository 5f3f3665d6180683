/** Values as the patterns of a policy: all that they may become. */
import { type Part, partsOf } from './text.ts'
import { Choice, Text, type Unknown, type Value } from './value.ts'

/** Texts that the candidates of several holes may multiply to. */
const MOST_TEXTS = 16

/** Gives the texts that a scalar may become, `*` for what is not known; undefined among them where it may be left out. */
export function patterns(value: Value | undefined): readonly (string | undefined)[] {
  if (value instanceof Choice) {
    const both = [...patterns(value.ifTrue), ...patterns(value.ifFalse)]
    return [...new Set(both)]
  }
  if (value === undefined) return [undefined]
  const parts = partsOf(value)
  return parts ? textsOf(parts) : ['*']
}

function textsOf(parts: readonly Part[]): string[] {
  let texts = ['']
  for (const part of parts) {
    const candidates = typeof part === 'string' ? [part] : candidatesOf(part)
    const few = texts.length * candidates.length <= MOST_TEXTS ? candidates : ['*']
    texts = texts.flatMap((text) => few.map((one) => text + one))
  }
  return [...new Set(texts)]
}

const candidatesOf = ({ looks }: Unknown): readonly string[] => {
  if (looks instanceof Text) return textsOf(looks.parts)
  return typeof looks === 'string' ? ['*'] : looks
}
