/** The intrinsic functions of the States Language, within the values of keys that end in `.$`. */
import { createHash } from 'node:crypto'
import { type Scope, valueAt } from './paths.ts'
import { StateError } from './state-error.ts'

const failure = (problem: string): StateError => new StateError('States.IntrinsicFailure', problem)

interface Chance {
  uuid(): string
  random(): number
}

type Intrinsic = (args: readonly unknown[], chance: Chance) => unknown

const list = (value: unknown, name: string): unknown[] => {
  if (Array.isArray(value)) return value
  throw failure(`${name} wants an array`)
}
const text = (value: unknown, name: string): string => {
  if (typeof value === 'string') return value
  throw failure(`${name} wants a string`)
}
const number = (value: unknown, name: string): number => {
  if (typeof value === 'number') return value
  throw failure(`${name} wants a number`)
}
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const HASHES: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Format: ([template, ...values]) => {
    let next = 0
    return text(template, 'States.Format').replace(/\\([{}'\\])|\{\}/g, (found, escaped?: string) => {
      if (escaped) return escaped
      if (next >= values.length) throw failure('States.Format has fewer arguments than places')
      return found ? shown(values[next++]) : ''
    })
  },
  StringToJson: ([value]) => {
    try {
      return JSON.parse(text(value, 'States.StringToJson'))
    } catch (error) {
      if (error instanceof StateError) throw error
      throw failure('States.StringToJson wants a text with JSON')
    }
  },
  JsonToString: ([value]) => JSON.stringify(value),
  Array: (values) => values,
  ArrayPartition: ([values, size]) => {
    const all = list(values, 'States.ArrayPartition')
    const step = number(size, 'States.ArrayPartition')
    if (step < 1) throw failure('States.ArrayPartition wants a positive size')
    return Array.from({ length: Math.ceil(all.length / step) }, (_, at) =>
      all.slice(at * step, (at + 1) * step),
    )
  },
  ArrayContains: ([values, wanted]) =>
    list(values, 'States.ArrayContains').some((one) => JSON.stringify(one) === JSON.stringify(wanted)),
  ArrayRange: ([first, last, step]) => {
    const [from, to, by] = [first, last, step].map((one) => number(one, 'States.ArrayRange')) as [
      number,
      number,
      number,
    ]
    const count = by === 0 ? 0 : Math.floor((to - from) / by) + 1
    if (count < 1 || count > 1000) throw failure('States.ArrayRange gives 1 to 1000 elements')
    return Array.from({ length: count }, (_, index) => from + index * by)
  },
  ArrayGetItem: ([values, index]) => {
    const found = list(values, 'States.ArrayGetItem')[number(index, 'States.ArrayGetItem')]
    if (found === undefined) throw failure('States.ArrayGetItem names no element')
    return found
  },
  ArrayLength: ([values]) => list(values, 'States.ArrayLength').length,
  ArrayUnique: ([values]) => [
    ...new Map(list(values, 'States.ArrayUnique').map((one) => [JSON.stringify(one), one])).values(),
  ],
  Base64Encode: ([value]) => Buffer.from(text(value, 'States.Base64Encode')).toString('base64'),
  Base64Decode: ([value]) => Buffer.from(text(value, 'States.Base64Decode'), 'base64').toString(),
  Hash: ([value, algorithm]) => {
    const name = HASHES[text(algorithm, 'States.Hash')]
    if (!name) throw failure(`States.Hash knows ${Object.keys(HASHES).join(', ')}`)
    return createHash(name).update(shown(value)).digest('hex')
  },
  JsonMerge: ([one, other, deep]) => {
    if (deep !== false) throw failure('States.JsonMerge merges shallowly alone: its last argument is false')
    return { ...(one as object), ...(other as object) }
  },
  MathAdd: ([one, other]) => number(one, 'States.MathAdd') + number(other, 'States.MathAdd'),
  MathRandom: ([first, last], chance) => {
    const [from, to] = [first, last].map((one) => number(one, 'States.MathRandom')) as [number, number]
    return from + Math.floor(chance.random() * (to - from))
  },
  StringSplit: ([value, separators]) => {
    const any = [...text(separators, 'States.StringSplit')]
    const parts: string[] = ['']
    for (const letter of text(value, 'States.StringSplit'))
      if (any.includes(letter)) parts.push('')
      else parts[parts.length - 1] += letter
    return parts.filter(Boolean)
  },
  UUID: (_, chance) => chance.uuid(),
}

/** Gives the value of an intrinsic function's call, with what is within. Errors: StateError. */
export function evaluate(expression: string, scope: Scope, chance: Chance): unknown {
  const reader = new Reader(expression, scope, chance)
  const value = reader.call()
  if (!reader.isAtEnd) throw failure(`${expression} goes on after its end`)
  return value
}

class Reader {
  private at = 0
  private readonly text: string
  private readonly scope: Scope
  private readonly chance: Chance

  constructor(text: string, scope: Scope, chance: Chance) {
    this.text = text
    this.scope = scope
    this.chance = chance
  }

  get isAtEnd(): boolean {
    this.take(/\s*/y)
    return this.at === this.text.length
  }

  private take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)
    if (match) this.at = pattern.lastIndex
    return match ?? undefined
  }

  call(): unknown {
    const name = this.take(/\s*States\.(\w+)\s*\(/y)?.[1]
    const intrinsic = name !== undefined && Object.hasOwn(INTRINSICS, name) ? INTRINSICS[name] : undefined
    if (!intrinsic) throw failure(`There is no intrinsic function in ${this.text}`)
    const args: unknown[] = []
    if (!this.take(/\s*\)/y))
      do args.push(this.argument())
      while (this.take(/\s*,/y) || this.closing())
    return intrinsic(args, this.chance)
  }

  private closing(): false {
    if (!this.take(/\s*\)/y)) throw failure(`${this.text} lacks a parenthesis`)
    return false
  }

  private argument(): unknown {
    this.take(/\s*/y)
    const quoted = this.take(/'((?:[^'\\]|\\.)*)'/y)
    // What is escaped within a template of Format keeps its backslash for it.
    if (quoted) return quoted[1]!.replace(/\\(['\\])/g, '$1')
    const plain = this.take(/-?\d+(?:\.\d+)?|true|false|null/y)
    if (plain) return JSON.parse(plain[0])
    const path = this.take(/\$[^,()\s]*/y)
    if (path) return valueAt(this.scope, path[0], 'States.ParameterPathFailure')
    return this.call()
  }
}

/** Gives a template with the values of its keys that end in `.$`. Errors: StateError. */
export function filledIn(template: unknown, scope: Scope, chance: Chance): unknown {
  if (Array.isArray(template)) return template.map((one) => filledIn(one, scope, chance))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => {
      if (!key.endsWith('.$')) return [key, filledIn(value, scope, chance)]
      if (typeof value !== 'string')
        throw new StateError('States.Runtime', `The value of ${key} must be a path`)
      const found = value.startsWith('$')
        ? valueAt(scope, value, 'States.ParameterPathFailure')
        : evaluate(value, scope, chance)
      return [key.slice(0, -2), found]
    }),
  )
}
