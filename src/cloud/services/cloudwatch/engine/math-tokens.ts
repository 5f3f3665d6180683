/** The words of metric math. */
import { AwsError } from '../../../../model/index.ts'

export interface Token {
  readonly type: 'number' | 'name' | 'text' | 'mark'
  readonly text: string
}

export const faulty = (why: string): AwsError =>
  new AwsError('ValidationError', `Invalid metrics list: Error in expression: ${why}`)

const TOKEN =
  /\s*(?:(?<number>\d+(?:\.\d+)?)|(?<mark>AND\b|OR\b|&&|\|\||[=!<>]=|[-+*/^<>()[\],])|(?<name>[A-Za-z]\w*)|"(?<double>[^"]*)"|'(?<single>[^']*)')/y

/** Errors: ValidationError where some of the text is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  let end = 0
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const { number, mark, name, double, single } = match.groups ?? {}
    end = TOKEN.lastIndex
    if (number !== undefined) tokens.push({ type: 'number', text: number })
    else if (mark !== undefined) tokens.push({ type: 'mark', text: mark })
    else if (name !== undefined) tokens.push({ type: 'name', text: name })
    else tokens.push({ type: 'text', text: double ?? single ?? '' })
  }
  if (text.slice(end).trim()) throw faulty(`${text.slice(end).trim()} is not expected`)
  return tokens
}
