/** What a template value stands for: plain data, or one of three open values where nobody can know it yet. */

/** Data without anything open in it. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain }

export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [name: string]: Value }
  | Open

/** Told from plain data by `instanceof`, never by a text. */
export type Open = Unknown | Text | Choice

/** Why nobody knows a value. */
export type Reason =
  | {
      readonly kind: 'export' | 'output' | 'artifact' | 'dynamic'
      readonly name: string
    }
  | {
      readonly kind: 'parameter' | 'stored'
      readonly name: string
      /** The place of the stack whose parameter it is; absent where that is of no matter. */
      readonly of?: string
    }
  | { readonly kind: 'attribute' | 'made up'; readonly id: string; readonly attribute?: string }
  | { readonly kind: 'function'; readonly name: string; readonly of: readonly Unknown[] }

/**
 * What an unknown value may be: `name` holds no `:` and no `/`, `path` no `:`; a list tells all there are. Text is what it
 * certainly is: so a reference to a resource remains one, though its text can be told.
 */
export type Looks = 'anything' | 'name' | 'path' | 'arn' | 'list' | readonly string[] | Text

export interface UnknownDetails {
  /** How it is spoken of; its identity where absent. */
  readonly label?: string
  readonly looks?: Looks
  readonly secret?: boolean
  /** Of a list whose end is not known: what stands before that. */
  readonly head?: readonly Value[]
}

/** Known to nobody yet: it equals itself only, and may become what `looks` permits. */
export class Unknown {
  /** Two unknowns of one identity will have one value; it tells the stack from all others. */
  readonly identity: string
  readonly why: Reason
  readonly label: string
  readonly looks: Looks
  readonly secret: boolean
  readonly head: readonly Value[]

  constructor(identity: string, why: Reason, details: UnknownDetails = {}) {
    this.identity = identity
    this.why = why
    this.label = details.label ?? identity
    this.looks = details.looks ?? 'anything'
    this.secret = details.secret ?? false
    this.head = details.head ?? []
  }
}

/** Text with holes in it; no two texts stand behind each other. Made by `textOf`. */
export class Text {
  readonly parts: readonly (string | Unknown)[]

  constructor(parts: readonly (string | Unknown)[]) {
    this.parts = parts
  }
}

/** A condition that hangs on values nobody knows. */
export interface Undecided {
  readonly name: string
  /** Two decisions of one identity fall the same way; it tells the stack from all others. */
  readonly identity: string
  /** The stack, as it is spoken of, where it is one of its conditions. */
  readonly of?: string
  readonly hangsOn: readonly Unknown[]
}

/** Whether a condition holds, as far as that is known. */
export type Decision = boolean | Undecided

/** One of two, by a condition that is not decided; undefined is AWS::NoValue. */
export class Choice {
  readonly condition: Undecided
  readonly ifTrue: Value | undefined
  readonly ifFalse: Value | undefined

  constructor(condition: Undecided, ifTrue: Value | undefined, ifFalse: Value | undefined) {
    this.condition = condition
    this.ifTrue = ifTrue
    this.ifFalse = ifFalse
  }
}

export const isOpen = (value: unknown): value is Open =>
  value instanceof Unknown || value instanceof Text || value instanceof Choice

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value)
