/** Texts that stand for values nobody knows, where a policy, an ARN or a sentence needs a text. */
import { setEntry } from '../../model/index.ts'
import { Choice, isList, Text, textOf, Unknown, type Value } from '../../template/index.ts'

type Members = { readonly [name: string]: Value }

const STAND_IN = /<[^<>]*>/g

/** AWS: twelve letters and digits. */
const RANDOM_END = 'X'.repeat(12)

/** What AWS makes up for a resource: an id, or the random end of a name. */
export const isMadeUp = ({ why }: Unknown): boolean => why.kind === 'made up'

/**
 * Gives unknown values their texts, `<Bucket of orders>`, and finds them again: what a text means is told by who made
 * it, never by its look. Each equals only itself and holds nothing that a policy would take for a wildcard.
 */
export class StandIns {
  readonly #byText = new Map<string, Unknown>()
  readonly #texts = new Map<string, string>()

  /** Gives the text of an unknown value; two that are not certainly the same have two. */
  of(unknown: Unknown): string {
    const known = this.#texts.get(unknown.identity)
    if (known !== undefined) return known
    const label = unknown.label.replaceAll(':', '.').replace(/[<>*?$]/g, '')
    let text = `<${label}>`
    for (let count = 2; this.#byText.has(text); count++) text = `<${label}, ${count}>`
    this.#texts.set(unknown.identity, text)
    this.#byText.set(text, unknown)
    return text
  }

  /** Gives plain data: the very same object where nothing in it is open. Of what hangs on a condition, the branch that does not hold. */
  plain(value: Value | undefined): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Unknown) return this.of(value)
    if (value instanceof Text)
      return value.parts.map((part) => (typeof part === 'string' ? part : this.of(part))).join('')
    if (value instanceof Choice) return this.plain(value.ifFalse)
    return Array.isArray(value) ? this.#list(value) : this.#map(value as Members)
  }

  #list(values: readonly Value[]): unknown {
    let changed = false
    const items: unknown[] = []
    for (const one of values) {
      const item = this.plain(one)
      changed ||= item !== one
      if (item !== undefined) items.push(item)
    }
    return changed ? items : values
  }

  #map(values: Members): unknown {
    let changed = false
    const entries: [string, unknown][] = []
    for (const [key, one] of Object.entries(values)) {
      const item = this.plain(one)
      changed ||= item !== one
      if (item !== undefined) entries.push([key, item])
    }
    return changed ? Object.fromEntries(entries) : values
  }

  /** Gives the unknown values that a text stands for. */
  in(text: string): Unknown[] {
    if (!text.includes('<')) return []
    return [...text.matchAll(STAND_IN)].flatMap(([found]) => this.#byText.get(found) ?? [])
  }

  /**
   * Gives a text as short as it can turn out, for limits: what AWS makes up has at least the random end of a name, what
   * else nobody knows may be empty.
   */
  shortest(text: string): string {
    if (!text.includes('<')) return text
    return text.replace(STAND_IN, (found) => {
      const unknown = this.#byText.get(found)
      return unknown ? (isMadeUp(unknown) ? RANDOM_END : '') : found
    })
  }

  /** Whether a text stands for an unknown value, and nothing else, that may turn out to be an ARN. */
  mayBeArn(text: string): boolean {
    const unknown = this.#byText.get(text)
    return unknown !== undefined && unknown.looks !== 'name'
  }

  /**
   * Gives the value with what AWS makes up as the text that stands for it: nobody can have written it beforehand, so that
   * in whatever is written it equals itself only.
   */
  withMadeUp(value: Value): Value {
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Unknown) return isMadeUp(value) ? this.of(value) : value
    if (value instanceof Text)
      return textOf(
        value.parts.map((part) => (part instanceof Unknown && isMadeUp(part) ? this.of(part) : part)),
      )
    if (value instanceof Choice) {
      const [ifTrue, ifFalse] = [value.ifTrue, value.ifFalse].map((one) => one && this.withMadeUp(one))
      return new Choice(value.condition, ifTrue, ifFalse)
    }
    return isList(value) ? this.#listWithMadeUp(value) : this.#mapWithMadeUp(value as Members)
  }

  /** What has nothing of that kind in it stays the very same object, as most statements of most policies do. */
  #listWithMadeUp(values: readonly Value[]): readonly Value[] {
    let changed: Value[] | undefined
    for (let at = 0; at < values.length; at++) {
      const item = this.withMadeUp(values[at]!)
      if (item === values[at]) continue
      changed ??= [...values]
      changed[at] = item
    }
    return changed ?? values
  }

  #mapWithMadeUp(values: Members): Members {
    let changed: Record<string, Value> | undefined
    for (const key in values) {
      const item = this.withMadeUp(values[key]!)
      if (item === values[key]) continue
      changed ??= { ...values }
      setEntry(changed, key, item)
    }
    return changed ?? values
  }

  /** Turns a text with stand-ins back into the value that they were made of. */
  value(text: string): Value {
    if (!text.includes('<')) return text
    const parts: (string | Unknown)[] = []
    let from = 0
    for (const match of text.matchAll(STAND_IN)) {
      const unknown = this.#byText.get(match[0])
      if (!unknown) continue
      parts.push(text.slice(from, match.index), unknown)
      from = match.index + match[0].length
    }
    return textOf([...parts, text.slice(from)])
  }

  /** The same for every text within plain data. */
  values(data: unknown): Value {
    if (typeof data === 'string') return this.value(data)
    if (Array.isArray(data)) return data.map((one) => this.values(one))
    if (typeof data !== 'object' || data === null) return data as Value
    return Object.fromEntries(Object.entries(data).map(([key, one]) => [key, this.values(one)]))
  }
}
