/** Metric math: `100 * SUM(METRICS("errors")) / requests`. */
import { entryOf } from '../../../../model/index.ts'
import { type Expression, functions, isList, type Single, settled } from './math-functions.ts'
import { faulty, type Token, tokensOf } from './math-tokens.ts'
import { unsupported } from './refuse.ts'

/** What may be named in an expression. */
export interface Names {
  /** Gives what an id stands for; undefined where nothing has it. */
  find(id: string): Single | undefined
  /** Ids of the metrics, without the expressions. */
  readonly metrics: readonly string[]
  /** Seconds of all of them. */
  readonly period: number
}

/** Nested deeper it could use up the stack. */
const DEEPEST = 100

/** Operators that bind alike, the loosest first. AWS does not tell their order; it is the usual one. */
const LEVELS: readonly Readonly<Record<string, (x: number, y: number) => number>>[] = [
  { OR: (x, y) => Number(x !== 0 || y !== 0), '||': (x, y) => Number(x !== 0 || y !== 0) },
  { AND: (x, y) => Number(x !== 0 && y !== 0), '&&': (x, y) => Number(x !== 0 && y !== 0) },
  {
    '==': (x, y) => Number(x === y),
    '!=': (x, y) => Number(x !== y),
    '<=': (x, y) => Number(x <= y),
    '>=': (x, y) => Number(x >= y),
    '<': (x, y) => Number(x < y),
    '>': (x, y) => Number(x > y),
  },
  { '+': (x, y) => x + y, '-': (x, y) => x - y },
  { '*': (x, y) => x * y, '/': (x, y) => x / y },
]

/**
 * Reads an expression that gives one series. AWS: using-metric-math. Errors: ValidationError, and UnsupportedParameter
 * for functions that look at more than one point in time or at what the cloud does not have.
 */
export function parseMath(text: string, names: Names): Single {
  const found = new Reader(tokensOf(text), names).whole()
  if (isList(found)) throw faulty('it gives several series, and one is needed')
  if (!found.isSeries) throw faulty('it gives a number, and a series is needed')
  return found
}

class Reader {
  private at = 0
  private readonly tokens: readonly Token[]
  private readonly names: Names

  constructor(tokens: readonly Token[], names: Names) {
    this.tokens = tokens
    this.names = names
  }

  whole(): Expression {
    const found = this.binary(0, 0)
    const rest = this.tokens[this.at]
    if (rest) throw faulty(`${rest.text} is not expected`)
    return found
  }

  private isNext(text: string): boolean {
    const token = this.tokens[this.at]
    return token?.text === text && token.type === 'mark'
  }

  private take(text?: string): Token {
    const token = this.tokens[this.at++]
    if (!token || (text !== undefined && (token.text !== text || token.type !== 'mark')))
      throw faulty(token ? `${token.text} is not expected` : 'it ends too early')
    return token
  }

  private binary(level: number, depth: number): Expression {
    const operators = LEVELS[level]
    if (!operators) return this.signed(depth)
    let left = this.binary(level + 1, depth)
    for (;;) {
      const { text = '', type } = this.tokens[this.at] ?? {}
      const operator = type === 'mark' ? entryOf(operators, text) : undefined
      if (!operator) return left
      this.at++
      left = settled([left, this.binary(level + 1, depth)], ([x, y]) => operator(x!, y!))
    }
  }

  private signed(depth: number): Expression {
    if (depth > DEEPEST) throw faulty('it is nested too deep')
    if (this.isNext('-')) {
      this.take()
      return settled([this.signed(depth + 1)], ([x]) => -x!)
    }
    const base = this.primary(depth + 1)
    if (!this.isNext('^')) return base
    this.take()
    return settled([base, this.signed(depth + 1)], ([x, y]) => x! ** y!)
  }

  private primary(depth: number): Expression {
    const { type, text } = this.take()
    if (type === 'number') return { isSeries: false, at: () => Number(text) }
    if (type === 'mark' && text === '(') {
      const inner = this.binary(0, depth)
      this.take(')')
      return inner
    }
    if (type === 'mark' && text === '[')
      return this.list(']', depth).flatMap((one) => (isList(one) ? one : [one]))
    if (type !== 'name') throw faulty(`${text} is not expected`)
    return this.isNext('(') ? this.call(text, depth) : this.named(text)
  }

  private named(id: string): Single {
    if (id === 'REPEAT' || id === 'LINEAR') throw unsupported(`FILL with ${id} in metric math`)
    const found = this.names.find(id)
    if (!found) throw faulty(`there is no metric and no expression of the id ${id}`)
    return found
  }

  private call(name: string, depth: number): Expression {
    this.take('(')
    if (name === 'METRICS') return this.metrics()
    const given = this.list(')', depth)
    if (name !== 'PERIOD') return functions(name)(given)
    if (given.length !== 1) throw faulty('PERIOD takes a metric')
    return { isSeries: false, at: () => this.names.period }
  }

  /** AWS: those whose id has the text, where there is one. */
  private metrics(): readonly Single[] {
    const text = this.isNext(')') ? '' : this.take()
    this.take(')')
    if (text && text.type !== 'text') throw faulty('METRICS takes a text in quotes')
    const part = text ? text.text : ''
    return this.names.metrics.filter((id) => id.includes(part)).map((id) => this.named(id))
  }

  private list(end: string, depth: number): Expression[] {
    const found: Expression[] = []
    while (!this.isNext(end)) {
      if (found.length) this.take(',')
      found.push(this.binary(0, depth))
    }
    this.take(end)
    return found
  }
}
