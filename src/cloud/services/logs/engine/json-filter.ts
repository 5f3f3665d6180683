/** Filter patterns that look into JSON messages: `{ ($.level = "error" || $.code >= 500) && $.path != %^/health% }`. */
import { starPattern } from '../../../../model/index.ts'
import { compileRegex, invalidPattern, type Matcher } from './filter-syntax.ts'

type Condition = (document: unknown) => boolean

const TOKEN =
  /\s*(?:(\$(?:\.[\w-]+|\[\d+\]|\["[^"]*"\]|\['[^']*'\])+)|(&&|\|\||!=|<=|>=|[=<>(){}])|"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s(){}=<>!&|"]+))/y

type Token =
  | { kind: 'path' | 'operator' | 'text' | 'word'; value: string }
  | { kind: 'regex'; value: Matcher }

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (!found) throw invalidPattern()
    at = TOKEN.lastIndex
    const [, path, operator, quoted, regex, word] = found
    if (path !== undefined) tokens.push({ kind: 'path', value: path })
    else if (operator !== undefined) tokens.push({ kind: 'operator', value: operator })
    else if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replace(/\\(.)/g, '$1') })
    else if (regex !== undefined) tokens.push({ kind: 'regex', value: compileRegex(regex) })
    else tokens.push({ kind: 'word', value: word! })
  }
  return tokens
}

/** Compiles a `{ … }` pattern; messages that are no JSON objects never match. Errors: InvalidParameterException. */
export function compileJsonFilter(text: string): Matcher {
  const tokens = tokenize(text)
  const parser = new Parser(tokens)
  parser.expect('{')
  const condition = parser.either()
  parser.expect('}')
  if (!parser.done) throw invalidPattern()
  return (message) => {
    const start = message.trimStart()
    if (!start.startsWith('{')) return false
    try {
      return condition(JSON.parse(start))
    } catch {
      return false
    }
  }
}

class Parser {
  private readonly tokens: readonly Token[]
  private at = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  get done(): boolean {
    return this.at === this.tokens.length
  }

  private next(): Token {
    const token = this.tokens[this.at++]
    if (!token) throw invalidPattern()
    return token
  }

  private take(operator: string): boolean {
    const token = this.tokens[this.at]
    if (token?.kind !== 'operator' || token.value !== operator) return false
    this.at++
    return true
  }

  expect(operator: string): void {
    if (!this.take(operator)) throw invalidPattern()
  }

  either(): Condition {
    const parts = [this.both()]
    while (this.take('||')) parts.push(this.both())
    return (document) => parts.some((part) => part(document))
  }

  private both(): Condition {
    const parts = [this.single()]
    while (this.take('&&')) parts.push(this.single())
    return (document) => parts.every((part) => part(document))
  }

  private single(): Condition {
    if (this.take('(')) {
      const inner = this.either()
      this.expect(')')
      return inner
    }
    const path = this.next()
    if (path.kind !== 'path') throw invalidPattern()
    const value = reader(path.value)
    const token = this.next()
    if (token.kind === 'word') return this.inWords(token.value, value)
    if (token.kind !== 'operator') throw invalidPattern()
    return comparison(token.value, this.next(), value)
  }

  private inWords(first: string, value: (document: unknown) => unknown): Condition {
    const second = this.next()
    switch (`${first} ${second.value}`.toUpperCase()) {
      case 'IS NULL':
        return (document) => value(document) === null
      case 'IS TRUE':
        return (document) => value(document) === true
      case 'IS FALSE':
        return (document) => value(document) === false
      case 'IS EXISTS':
        return (document) => value(document) !== undefined
      case 'NOT EXISTS':
        return (document) => value(document) === undefined
      default:
        throw invalidPattern()
    }
  }
}

function reader(path: string): (document: unknown) => unknown {
  const keys = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]*)"\]|\['([^']*)'\]/g)].map(
    (found) => found[1] ?? found[2] ?? found[3] ?? found[4]!,
  )
  return (document) =>
    keys.reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      document,
    )
}

function comparison(operator: string, wanted: Token, value: (document: unknown) => unknown): Condition {
  if (operator === '=' || operator === '!=') {
    const equal = equality(wanted)
    return (document) => {
      const found = value(document)
      if (found === undefined) return false
      return equal(found) === (operator === '=')
    }
  }
  const limit = wanted.kind === 'word' ? Number(wanted.value) : Number.NaN
  const holds: Record<string, (number: number) => boolean> = {
    '<': (number) => number < limit,
    '<=': (number) => number <= limit,
    '>': (number) => number > limit,
    '>=': (number) => number >= limit,
  }
  const test = holds[operator]
  if (!test || Number.isNaN(limit)) throw invalidPattern()
  return (document) => {
    const found = value(document)
    return typeof found === 'number' && test(found)
  }
}

/** AWS: a `*` in the wanted text stands for any characters; a bare number compares as a number. */
function equality(wanted: Token): (found: unknown) => boolean {
  if (wanted.kind === 'regex') return (found) => typeof found === 'string' && wanted.value(found)
  if (wanted.kind === 'operator' || wanted.kind === 'path') throw invalidPattern()
  const number = wanted.kind === 'word' ? Number(wanted.value) : Number.NaN
  const matches = starPattern(wanted.value)
  return (found) => {
    if (typeof found === 'number') return found === number
    return typeof found === 'string' && matches(found)
  }
}
