/** Whether a pattern of a policy matches a text with holes: whatever they become, or perhaps. */
import { type Part, Text, Unknown } from '../../../template/index.ts'
import { isMadeUp } from '../stand-ins.ts'

export type Match = 'certain' | 'possible' | 'never'

/** A letter, a hole, or what may be any letters of a pattern. */
type Token = string | Unknown

const LETTERS = '*'
const LETTER = '?'

/** More texts than these are not told apart. */
const MOST_TEXTS = 16

/**
 * Gives whether the pattern matches the text. Both may hold unknown values: the pattern one that is certainly itself
 * alone. What AWS makes up is never what it makes up for another, and nobody has written it out before it was made: only
 * a wildcard takes it in.
 */
export function matchOf(pattern: readonly Part[], text: readonly Part[]): Match {
  if (disagree(pattern[0], text[0])) return 'never'
  if (pattern[0] === LETTERS && pattern.length === 1) return 'certain'
  if (isSameText(pattern, text)) return 'certain'
  if (text.every(isTold) && pattern.every((part) => part instanceof Unknown || !/[*?$]/.test(part)))
    return 'never'
  const variants = variantsOf(text)
  const patterns = tokensOf(pattern, true)
  // What the request tells of itself need not be what stands in its place here.
  const covered = pattern.some((part) => typeof part === 'string' && part.includes('${'))
    ? 'possible'
    : 'certain'
  const matches = variants.map((one): Match => {
    const tokens = tokensOf(one, false)
    return covers(patterns, tokens) ? covered : mayCover(patterns, tokens) ? 'possible' : 'never'
  })
  const [first = 'never'] = matches
  return matches.every((one) => one === first) ? first : 'possible'
}

const isTold = (part: Part): boolean => typeof part === 'string' || isMadeUp(part)

const isSameText = (one: readonly Part[], other: readonly Part[]): boolean =>
  one.length === other.length && one.every((part, index) => isSame(part, other[index]))

/** Most patterns differ in what is written out before their first wildcard and the text's first hole. */
function disagree(pattern: Part | undefined, text: Part | undefined): boolean {
  if (typeof pattern !== 'string' || typeof text !== 'string') return false
  const end = pattern.search(/[*?$]/)
  const length = Math.min(end < 0 ? pattern.length : end, text.length)
  return !pattern.startsWith(text.slice(0, length))
}

/** The texts that a text may become, where the values of its holes are known. */
function variantsOf(text: readonly Part[]): readonly (readonly Part[])[] {
  let variants: readonly (readonly Part[])[] = [[]]
  for (const part of text) {
    const each = part instanceof Unknown ? partsIn(part) : [[part]]
    if (variants.length * each.length > MOST_TEXTS) return [text]
    variants = variants.flatMap((one) => each.map((more) => [...one, ...more]))
  }
  return variants
}

function partsIn(hole: Unknown): readonly (readonly Part[])[] {
  if (hole.looks instanceof Text) return [hole.looks.parts]
  return typeof hole.looks === 'string' ? [[hole]] : hole.looks.map((one) => [one])
}

/** What the request tells of itself may stand in a pattern, as `${aws:username}`. */
const tokensOf = (parts: readonly Part[], isPattern: boolean): readonly Token[] =>
  parts.flatMap((part): Token[] =>
    typeof part !== 'string' ? [part] : [...(isPattern ? part.replace(/\$\{[^}]*\}/g, LETTERS) : part)],
  )

const isSame = (one: Token | undefined, other: Token | undefined): boolean =>
  one instanceof Unknown || other instanceof Unknown
    ? one instanceof Unknown && other instanceof Unknown && one.identity === other.identity
    : one === other

/** Whether the pattern matches whatever the holes become: only `*` takes in a hole. */
const covers = (pattern: readonly Token[], text: readonly Token[]): boolean =>
  matches(pattern, text, (one, other) => isSame(one, other) || (one === LETTER && typeof other === 'string'))

/** Whether the pattern matches what the holes may become. */
const mayCover = (pattern: readonly Token[], text: readonly Token[]): boolean =>
  matches(
    pattern,
    text,
    (one, other) => isSame(one, other) || (one === LETTER && typeof other === 'string'),
    mayHold,
  )

function mayHold(hole: Token | undefined, token: Token): boolean {
  if (!(hole instanceof Unknown)) return false
  if (token instanceof Unknown) return !(isMadeUp(hole) && isMadeUp(token))
  if (token === LETTERS || token === LETTER) return true
  if (hole.looks === 'name') return token !== ':' && token !== '/'
  return hole.looks !== 'path' || token !== ':'
}

/** Goes through both side by side; `holds` says what a hole of the text takes in of the pattern. */
function matches(
  pattern: readonly Token[],
  text: readonly Token[],
  fits: (one: Token, other: Token) => boolean,
  holds: (hole: Token | undefined, token: Token) => boolean = () => false,
): boolean {
  let reached: boolean[] = Array(text.length + 1).fill(false)
  reached[0] = true
  skipHoles(reached, text, holds)
  for (const token of pattern) {
    const next: boolean[] = Array(text.length + 1).fill(false)
    for (let at = 0; at <= text.length; at++) {
      if (!reached[at]) continue
      const other = text[at]
      if (token === LETTERS) next.fill(true, at)
      if (other !== undefined && fits(token, other)) next[at + 1] = true
      // The hole takes in the token and goes on.
      if (holds(other, token)) next[at] = true
      if (at > 0 && holds(text[at - 1], token)) next[at] = true
    }
    reached = next
    skipHoles(reached, text, holds)
  }
  return reached[text.length] === true
}

/** A hole may be empty, or have taken in all that it does. */
function skipHoles(
  reached: boolean[],
  text: readonly Token[],
  holds: (hole: Token | undefined, token: Token) => boolean,
): void {
  for (let at = 0; at < text.length; at++) if (reached[at] && holds(text[at], LETTERS)) reached[at + 1] = true
}
