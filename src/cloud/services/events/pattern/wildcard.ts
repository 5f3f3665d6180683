/** The match expression `wildcard`: `*` stands for any text, `\*` for an asterisk, `\\` for a backslash. */
import type { AwsError } from '../../../../model/index.ts'

/** Gives the test. AWS: refuses two asterisks in a row, and a backslash before any other character. */
export function wildcard(pattern: string, refuse: (reason: string) => AwsError): (value: string) => boolean {
  const pieces = ['']
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!
    if (character === '*') {
      if (pattern[at + 1] === '*') throw refuse(`Consecutive wildcard characters at pos ${at}`)
      pieces.push('')
      continue
    }
    if (character !== '\\') {
      pieces[pieces.length - 1] += character
      continue
    }
    const escaped = pattern[++at]
    if (escaped !== '*' && escaped !== '\\') throw refuse(`Invalid escape character at pos ${at - 1}`)
    pieces[pieces.length - 1] += escaped
  }
  return (value) => inOrder(pieces, value)
}

/** Whether the text starts with the first piece, ends with the last, and has the others in between, in order. */
function inOrder(pieces: readonly string[], value: string): boolean {
  const first = pieces[0]!
  const last = pieces.at(-1)!
  if (pieces.length === 1) return value === first
  if (!value.startsWith(first)) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return value.length - at >= last.length && value.endsWith(last)
}
