/** Texts with holes: put together, taken apart and compared as far as they are known. */
import { Text, Unknown, type Value } from './value.ts'

export type Part = string | Unknown

/** Gives the text that parts make: plain where none is unknown, the unknown itself where it is all there is. */
export function textOf(parts: readonly Part[]): string | Unknown | Text {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part
    else if (part !== '') joined.push(part)
  }
  if (joined.length === 0) return ''
  const [only] = joined
  return joined.length === 1 ? only! : new Text(joined)
}

/** Gives the parts of a scalar as text; undefined for what is no scalar, as lists and maps are. */
export function partsOf(value: Value | undefined): readonly Part[] | undefined {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (value instanceof Unknown) return value.looks === 'list' ? undefined : [value]
  return value instanceof Text ? value.parts : undefined
}

/** Parts with those written out that are known to be a text. */
const writtenOut = (parts: readonly Part[]): readonly Part[] =>
  parts.some((part) => part instanceof Unknown && part.looks instanceof Text)
    ? parts.flatMap((part) =>
        part instanceof Unknown && part.looks instanceof Text ? part.looks.parts : [part],
      )
    : parts

const mayHold = ({ looks }: Unknown, delimiter: string): boolean => {
  if (looks instanceof Text) return true
  if (typeof looks !== 'string') return looks.some((one) => one.includes(delimiter))
  if (looks === 'name') return !/[:/]/.test(delimiter)
  return looks !== 'path' || !delimiter.includes(':')
}

/**
 * Splits a text: `items` that are certain, and whether more of them follow, because a hole might hold the delimiter.
 * What is around such a hole is not given.
 */
export function splitParts(
  parts: readonly Part[],
  delimiter: string,
): { readonly items: Value[]; readonly isWhole: boolean } {
  const items: Value[] = []
  let current: Part[] = []
  for (const part of writtenOut(parts)) {
    if (typeof part !== 'string') {
      if (mayHold(part, delimiter)) return { items, isWhole: false }
      current.push(part)
      continue
    }
    const [first = '', ...rest] = delimiter === '' ? [part] : part.split(delimiter)
    current.push(first)
    for (const one of rest) {
      items.push(textOf(current))
      current = [one]
    }
  }
  return { items: [...items, textOf(current)], isWhole: true }
}

const fixedStart = (parts: readonly Part[]): string => (typeof parts[0] === 'string' ? parts[0] : '')

const fixedEnd = (parts: readonly Part[]): string => {
  const last = parts.at(-1)
  return typeof last === 'string' ? last : ''
}

const agree = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one)

const reversed = (text: string): string => [...text].reverse().join('')

const isSame = (one: Part | undefined, other: Part | undefined): boolean =>
  one === other || (one instanceof Unknown && other instanceof Unknown && one.identity === other.identity)

/** Whether two texts are the same; undefined where that hangs on a hole. */
export function sameText(one: readonly Part[], other: readonly Part[]): boolean | undefined {
  if (one.length === other.length && one.every((part, index) => isSame(part, other[index]))) return true
  const [known, knownOther] = [writtenOut(one), writtenOut(other)]
  if (known !== one || knownOther !== other) return sameText(joinedParts(known), joinedParts(knownOther))
  if (one.every(isText) && other.every(isText)) return false
  const candidates = candidatesOf(one)
  const others = candidatesOf(other)
  if (candidates && others && !candidates.some((each) => others.includes(each))) return false
  if (!agree(fixedStart(one), fixedStart(other))) return false
  if (!agree(reversed(fixedEnd(one)), reversed(fixedEnd(other)))) return false
  return undefined
}

const joinedParts = (parts: readonly Part[]): readonly Part[] => partsOf(textOf(parts))!

const isText = (part: Part): part is string => typeof part === 'string'

/** All that a text can be, where that can be told. */
function candidatesOf(parts: readonly Part[]): readonly string[] | undefined {
  let texts = ['']
  for (const part of parts) {
    const next = typeof part === 'string' ? [part] : part.looks
    if (typeof next === 'string' || next instanceof Text || texts.length * next.length > 64) return undefined
    texts = texts.flatMap((text) => next.map((one) => text + one))
  }
  return texts
}
