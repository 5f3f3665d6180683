/** Filter patterns of CloudWatch Logs: terms, and conditions on the fields of JSON messages. */
import { AwsError } from '../../../../model/index.ts'
import { compileRegex, invalidPattern, type Matcher } from './filter-syntax.ts'
import { compileJsonFilter } from './json-filter.ts'

/**
 * Compiles a filter pattern.
 * AWS: plain terms must all occur, `-term` must not, of `?term`s one must; `{ $.field = value }` looks into JSON.
 * Errors: InvalidParameterException for a pattern that cannot be read, and for `[…]`, which is not supported here.
 */
export function compileFilter(pattern: string): Matcher {
  const text = pattern.trim()
  if (text === '') return () => true
  if (text.startsWith('{')) return compileJsonFilter(text)
  if (text.startsWith('['))
    throw new AwsError(
      'InvalidParameterException',
      'The embedded cloud does not support space-delimited filter patterns ("[…]").',
    )
  return compileTerms(text)
}

const TERM = /([?-]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"]+))(?=\s|$)\s*/y

function compileTerms(text: string): Matcher {
  const required: Matcher[] = []
  const excluded: Matcher[] = []
  const optional: Matcher[] = []
  let at = 0
  while (at < text.length) {
    TERM.lastIndex = at
    const found = TERM.exec(text)
    if (!found) throw invalidPattern()
    at = TERM.lastIndex
    const [, sign, quoted, regex, bare] = found
    const literal = quoted === undefined ? bare : quoted.replace(/\\(.)/g, '$1')
    const expression = regex === undefined ? undefined : compileRegex(regex)
    const matcher: Matcher = (message) => (expression ? expression(message) : message.includes(literal!))
    const list = sign === '-' ? excluded : sign === '?' ? optional : required
    list.push(matcher)
  }
  return (message) =>
    required.every((matches) => matches(message)) &&
    !excluded.some((matches) => matches(message)) &&
    (required.length > 0 || optional.length === 0 || optional.some((matches) => matches(message)))
}
