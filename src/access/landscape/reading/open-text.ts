/** A text of a request that holds what nobody knows yet, and how the patterns of policies match it. */
import { type Part, partsOf, Unknown } from '../../../template/index.ts'
import type { StandIns } from '../stand-ins.ts'
import { type Match, matchOf } from './may-match.ts'

/** Asked by every pattern of every policy that the request is held against: most are told apart without a look at the rest. */
export class OpenText {
  readonly text: string
  readonly holes: readonly Unknown[]
  readonly #parts: readonly Part[]
  readonly #standIns: StandIns
  /** What is written out before the first hole. */
  readonly #start: string
  readonly #matches = new Map<string, Match>()

  constructor(text: string, standIns: StandIns) {
    this.text = text
    this.#standIns = standIns
    this.#parts = partsIn(text, standIns)
    this.holes = this.#parts.filter((part) => part instanceof Unknown)
    const [first] = this.#parts
    this.#start = typeof first === 'string' ? first : ''
  }

  /** Gives the text where something in it is open. */
  static in(text: string, standIns: StandIns): OpenText | undefined {
    if (!text.includes('<')) return undefined
    const open = new OpenText(text, standIns)
    return open.holes.length > 0 ? open : undefined
  }

  /** Gives whether a pattern, in which stand-ins may be, matches the text. */
  match(pattern: string): Match {
    if (pattern === '*') return 'certain'
    if (this.#disagrees(pattern)) return 'never'
    let known = this.#matches.get(pattern)
    if (!known) {
      known = matchOf(partsIn(pattern, this.#standIns), this.#parts)
      this.#matches.set(pattern, known)
    }
    return known
  }

  /** Whether the two differ in what is written out before the first wildcard or hole of either. */
  #disagrees(pattern: string): boolean {
    const start = this.#start
    for (let at = 0; at < start.length; at++) {
      const letter = pattern[at]
      if (letter === start[at]) continue
      return letter === undefined || !VARIABLE.has(letter)
    }
    return false
  }
}

/** What begins a wildcard, a policy variable or a stand-in. */
const VARIABLE: ReadonlySet<string> = new Set(['*', '?', '$', '<'])

const partsIn = (text: string, standIns: StandIns): readonly Part[] => partsOf(standIns.value(text)) ?? [text]
