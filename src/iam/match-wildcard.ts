/** Wildcard patterns: `*` for any run of characters, `?` for one, turned into closures. */

/** Stands for `*` in a pattern. */
export const ANY_RUN = Symbol('*')
/** Stands for `?` in a pattern. */
export const ANY_ONE = Symbol('?')

/** A pattern taken apart: literal text and wildcards, in order. */
export type Token = string | typeof ANY_RUN | typeof ANY_ONE
export type TextMatcher = (text: string) => boolean

/** Whether a text holds `*` or `?`. */
export const hasWildcard = (text: string): boolean => text.includes('*') || text.includes('?')

/** Gives the tokens of a text in which every `*` and `?` is a wildcard. */
export function wildcardTokens(text: string): Token[] {
  if (!hasWildcard(text)) return text === '' ? [] : [text]
  return text
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? ANY_RUN : part === '?' ? ANY_ONE : part))
}

/** Gives the matcher for a whole text; literal parts compare case-sensitively. */
export function compileTokens(tokens: readonly Token[]): TextMatcher {
  const [only] = tokens
  if (tokens.length === 1 && typeof only === 'string') return (text) => text === only
  if (tokens.includes(ANY_ONE)) return matchWithSingles(tokens)
  const runs = splitAtRuns(tokens).map((segment) => segment.join(''))
  const first = runs[0]!
  if (runs.length === 1) return (text) => text === first
  const last = runs.at(-1)!
  const middle = runs.slice(1, -1).filter((part) => part !== '')
  if (middle.length) return matchInOrder(first, middle, last)
  if (first === '' && last === '') return () => true
  if (last === '') return (text) => text.startsWith(first)
  if (first === '') return (text) => text.endsWith(last)
  const least = first.length + last.length
  return (text) => text.length >= least && text.startsWith(first) && text.endsWith(last)
}

/** Gives the matcher for a pattern with `*` and `?`. */
export const compileWildcard = (pattern: string): TextMatcher => compileTokens(wildcardTokens(pattern))

function splitAtRuns(tokens: readonly Token[]): Exclude<Token, typeof ANY_RUN>[][] {
  const segments: Exclude<Token, typeof ANY_RUN>[][] = [[]]
  for (const token of tokens) {
    if (token === ANY_RUN) segments.push([])
    else segments.at(-1)!.push(token)
  }
  return segments
}

function matchInOrder(first: string, middle: readonly string[], last: string): TextMatcher {
  return (text) => {
    const end = text.length - last.length
    if (!text.startsWith(first) || end < first.length || !text.endsWith(last)) return false
    let from = first.length
    for (const part of middle) {
      const found = text.indexOf(part, from)
      if (found < 0) return false
      from = found + part.length
      if (from > end) return false
    }
    return true
  }
}

/** A literal character, or undefined for any character. */
type Slot = string | undefined

function matchWithSingles(tokens: readonly Token[]): TextMatcher {
  const segments = splitAtRuns(tokens).map((segment) =>
    segment.flatMap((token): Slot[] => (token === ANY_ONE ? [undefined] : token.split(''))),
  )
  const first = segments[0]!
  if (segments.length === 1) return (text) => text.length === first.length && fits(text, 0, first)
  const last = segments.at(-1)!
  const middle = segments.slice(1, -1)
  return (text) => {
    const end = text.length - last.length
    if (end < first.length || !fits(text, 0, first) || !fits(text, end, last)) return false
    let from = first.length
    for (const segment of middle) {
      while (from + segment.length <= end && !fits(text, from, segment)) from++
      from += segment.length
      if (from > end) return false
    }
    return true
  }
}

function fits(text: string, from: number, slots: readonly Slot[]): boolean {
  return slots.every((slot, index) => slot === undefined || text[from + index] === slot)
}
