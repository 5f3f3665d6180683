/** The match expression `wildcard`: `*` stands for any text, `\*` for an asterisk, `\\` for a backslash. */
import type { AwsError } from '../error.ts'
import { inOrder } from '../patterns/index.ts'

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
