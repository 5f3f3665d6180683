/** Maps in the order of Python 2.7: the hash that names an API's deployment is made of text in that order. */

/** Text that stood in the user's template, which Python 2 shows as `u'…'`. */
export class UserText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | UserText
  | PythonDict
  | readonly PythonValue[]
  | undefined
export type PythonKey = string | UserText

interface Slot {
  readonly key: PythonKey
  readonly hash: bigint
  value: PythonValue
}

const WORD = 64
const MULTIPLIER = 1000003n
const FIRST_SIZE = 8
const REMOVED = Symbol('removed')

const textOf = (key: PythonKey): string => (typeof key === 'string' ? key : key.text)

/** A hash table with open addressing, filled to two thirds: its slots are its order. Python 2.7: dictobject.c. */
export class PythonDict {
  #slots: (Slot | typeof REMOVED | undefined)[] = new Array(FIRST_SIZE).fill(undefined)
  #filled = 0
  #used = 0

  constructor(entries: Iterable<readonly [PythonKey, PythonValue]> = []) {
    for (const [key, value] of entries) this.set(key, value)
  }

  get size(): number {
    return this.#used
  }

  get(key: string): PythonValue {
    const slot = this.#slots[this.#place(key, hashOf(key))]
    return slot === undefined || slot === REMOVED ? undefined : slot.value
  }

  has(key: string): boolean {
    const slot = this.#slots[this.#place(key, hashOf(key))]
    return slot !== undefined && slot !== REMOVED
  }

  set(key: PythonKey, value: PythonValue): this {
    const hash = hashOf(textOf(key))
    const place = this.#place(textOf(key), hash)
    const slot = this.#slots[place]
    if (slot !== undefined && slot !== REMOVED) {
      slot.value = value
      return this
    }
    if (slot === undefined) this.#filled++
    this.#slots[place] = { key, hash, value }
    this.#used++
    if (this.#filled * 3 >= this.#slots.length * 2) this.#grow()
    return this
  }

  delete(key: string): void {
    const place = this.#place(key, hashOf(key))
    if (!this.has(key)) return
    this.#slots[place] = REMOVED
    this.#used--
  }

  entries(): [PythonKey, PythonValue][] {
    return this.#slots.flatMap((slot) =>
      slot === undefined || slot === REMOVED ? [] : [[slot.key, slot.value] as [PythonKey, PythonValue]],
    )
  }

  keys(): string[] {
    return this.entries().map(([key]) => textOf(key))
  }

  /** Where a key is, or would be put: the first place on its way that another key left. */
  #place(key: string, hash: bigint): number {
    const mask = BigInt(this.#slots.length - 1)
    let free: number | undefined
    let place = hash & mask
    for (let perturbed = hash; ; perturbed >>= 5n) {
      const index = Number(place & mask)
      const slot = this.#slots[index]
      if (slot === undefined) return free ?? index
      if (slot === REMOVED) free ??= index
      else if (textOf(slot.key) === key) return index
      place = place * 5n + perturbed + 1n
    }
  }

  #grow(): void {
    const slots = this.#slots
    let size = FIRST_SIZE
    while (size <= this.#used * 4) size *= 2
    this.#slots = new Array(size).fill(undefined)
    this.#filled = 0
    for (const slot of slots) {
      if (slot === undefined || slot === REMOVED) continue
      this.#slots[this.#place(textOf(slot.key), slot.hash)] = slot
      this.#filled++
    }
  }
}

/** Python 2.7: string_hash, on 64 bits. */
function hashOf(text: string): bigint {
  const points = Array.from(text, (one) => BigInt(one.codePointAt(0)!))
  if (points.length === 0) return 0n
  let hash = points[0]! << 7n
  for (const point of points) hash = BigInt.asUintN(WORD, hash * MULTIPLIER) ^ point
  hash = BigInt.asUintN(WORD, hash ^ BigInt(points.length))
  return hash === BigInt.asUintN(WORD, -1n) ? BigInt.asUintN(WORD, -2n) : hash
}

/** Gives what Python shows for a value. */
export function pythonText(value: PythonValue): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  if (value instanceof UserText) return `u${quoted(value.text)}`
  if (value instanceof PythonDict)
    return `{${value
      .entries()
      .map(([key, one]) => `${pythonText(key)}: ${pythonText(one)}`)
      .join(', ')}}`
  return `[${value.map(pythonText).join(', ')}]`
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = Array.from(text, (one) => {
    const point = one.codePointAt(0)!
    if (one === quote) return `\\${one}`
    if (SHORT[one]) return SHORT[one]
    if (point >= 0x20 && point < 0x7f) return one
    if (point <= 0xff) return `\\x${point.toString(16).padStart(2, '0')}`
    return point <= 0xffff
      ? `\\u${point.toString(16).padStart(4, '0')}`
      : `\\U${point.toString(16).padStart(8, '0')}`
  })
  return quote + escaped.join('') + quote
}

/** Gives plain data of the user's as Python had it. */
export function fromUser(value: unknown): PythonValue {
  if (typeof value === 'string') return new UserText(value)
  if (Array.isArray(value)) return value.map(fromUser)
  if (typeof value !== 'object' || value === null) return value as PythonValue
  return new PythonDict(Object.entries(value).map(([key, one]) => [new UserText(key), fromUser(one)]))
}

/** Gives the translator's own data, in which the values of the user's may stand. */
export function fromOwn(value: unknown): PythonValue {
  if (Array.isArray(value)) return value.map(fromOwn)
  if (typeof value !== 'object' || value === null || value instanceof UserText || value instanceof PythonDict)
    return value as PythonValue
  return new PythonDict(Object.entries(value).map(([key, one]) => [key, fromOwn(one)]))
}

/** Gives the plain data that a template holds. */
export function toPlain(value: PythonValue): unknown {
  if (value instanceof UserText) return value.text
  if (value instanceof PythonDict)
    return Object.fromEntries(value.entries().map(([key, one]) => [textOf(key), toPlain(one)]))
  return Array.isArray(value) ? value.map(toPlain) : value
}
