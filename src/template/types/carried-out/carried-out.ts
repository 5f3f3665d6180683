/** How it is said what the embedded cloud carries out of a resource type. */

export interface CarriedOut {
  /** Why there is nothing of the type at all. */
  readonly refused?: string
  /** Members that are carried out, by where they stand: `` is the resource, `Rules[]` each item of a list. */
  readonly members?: Readonly<Record<string, readonly string[]>>
  /** Properties of which some values alone are carried out. */
  readonly values?: Readonly<Record<string, readonly (string | boolean)[]>>
  readonly fallback?: Fallback
}

/** Properties of which one has to be given, where nothing that the resource belongs to says it instead. */
export interface Fallback {
  readonly of: readonly string[]
  /** Not where the resource has this value, such as `A.B: x`. */
  readonly unless: readonly [where: string, value: string]
  /** What the resource belongs to: the property that names it, and its name where none does. */
  readonly owner: readonly [property: string, otherwise: string]
  /** Types that say it for the owner, with the property that does; `owner` names the owner, which is the resource itself without. */
  readonly saidBy: readonly { readonly type: string; readonly property: string; readonly owner?: string }[]
  /** What the embedded cloud does not support then. */
  readonly refused: string
}

/** A type of which these properties are carried out, each whole. */
export const properties = (...names: readonly string[]): CarriedOut => ({ members: { '': names } })
