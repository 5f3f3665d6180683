/** Reads JSON keeping where each value stands, because complaints about a pattern name the line and column. */
import { readJson as readPlain } from '../nesting.ts'

export interface JsonNode {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'
  /** The value of a string, number, boolean or null. */
  readonly value?: string | number | boolean | null
  /** Of an object, in order. */
  readonly members: readonly { readonly name: string; readonly node: JsonNode }[]
  /** Of an array. */
  readonly items: readonly JsonNode[]
  /** How far a reader is when it learns of the value: past the first quote or bracket, or past a whole literal. */
  readonly seen: number
  /** Past the value. */
  readonly end: number
}

/** Reads a JSON text. Errors: SyntaxError of JSON.parse. */
export function readJson(text: string): JsonNode {
  readPlain(text)
  return new Reader(text).read()
}

/** Walks over a text that is known to be JSON. */
class Reader {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  read(): JsonNode {
    this.skip()
    const first = this.text[this.at]
    if (first === '{') return this.object()
    if (first === '[') return this.array()
    if (first === '"') {
      const seen = this.at + 1
      return { kind: 'string', value: this.string(), members: [], items: [], seen, end: this.at }
    }
    const [literal = ''] = /^[^\s,\]}]+/.exec(this.text.slice(this.at)) ?? []
    this.at += literal.length
    const value = JSON.parse(literal) as number | boolean | null
    const kind = value === null ? 'null' : (typeof value as 'number' | 'boolean')
    return { kind, value, members: [], items: [], seen: this.at, end: this.at }
  }

  private object(): JsonNode {
    const seen = ++this.at
    const members: { name: string; node: JsonNode }[] = []
    this.each('}', () => {
      const name = this.string()
      this.skip()
      this.at++
      members.push({ name, node: this.read() })
    })
    return { kind: 'object', members, items: [], seen, end: this.at }
  }

  private array(): JsonNode {
    const seen = ++this.at
    const items: JsonNode[] = []
    this.each(']', () => items.push(this.read()))
    return { kind: 'array', members: [], items, seen, end: this.at }
  }

  private each(close: string, one: () => void): void {
    this.skip()
    while (this.text[this.at] !== close) {
      one()
      this.skip()
      if (this.text[this.at] === ',') this.at++
      this.skip()
    }
    this.at++
  }

  private string(): string {
    const start = this.at++
    while (this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1
    this.at++
    return JSON.parse(this.text.slice(start, this.at)) as string
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++
  }
}
