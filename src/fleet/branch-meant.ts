/** Which of several maps the author of a fleet file meant, told by the keys that only one of them has. */
import type { SchemaNode } from './schema-nodes.ts'

export type BranchMeant =
  /** One of these, by their places. The others are told by the keys `instead`, and none of them stands there. */
  | { readonly kind: 'these'; readonly branches: readonly number[]; readonly instead: readonly string[] }
  /** Nothing tells. */
  | { readonly kind: 'any' }
  /** None: one of `keys` had to stand there. */
  | { readonly kind: 'none'; readonly keys: readonly string[] }
  /** Several at once. */
  | { readonly kind: 'several'; readonly keys: readonly string[] }

/** Gives what a value says of the alternatives that it may be. */
export function branchMeant(value: unknown, branches: readonly SchemaNode[]): BranchMeant {
  if (typeof value !== 'object' || value === null) return { kind: 'any' }
  const maps = branches.flatMap((branch, index) => (branch.properties ? [{ branch, index }] : []))
  if (Array.isArray(value) || maps.length < 2) {
    const alike = branches.flatMap((branch, index) => (isAlike(value, branch) ? [index] : []))
    return alike.length === 1 ? { kind: 'these', branches: alike, instead: [] } : { kind: 'any' }
  }
  const told = maps.map(({ branch, index }) => ({
    index,
    keys: (branch.required ?? []).filter((key) =>
      maps.every((other) => other.index === index || !Object.hasOwn(other.branch.properties!, key)),
    ),
  }))
  const named = told.flatMap(({ index, keys }) => {
    const key = keys.find((one) => Object.hasOwn(value, one))
    return key === undefined ? [] : [{ index, key }]
  })
  if (named.length > 1) return { kind: 'several', keys: named.map(({ key }) => key) }
  if (named.length) return { kind: 'these', branches: named.map(({ index }) => index), instead: [] }
  const untold = told.filter(({ keys }) => !keys.length).map(({ index }) => index)
  const telling = told.flatMap(({ keys }) => keys.slice(0, 1))
  if (untold.length) return { kind: 'these', branches: untold, instead: telling }
  return { kind: 'none', keys: telling }
}

/** Whether a list stands where a list may stand, or a map where a map may. */
const isAlike = (value: object, branch: SchemaNode): boolean =>
  Array.isArray(value)
    ? branch.items !== undefined
    : branch.properties !== undefined || typeof branch.additionalProperties === 'object'

/** Gives every key that a map described there may have. */
export const keysOf = (node: SchemaNode): string[] => [
  ...Object.keys(node.properties ?? {}),
  ...(node.anyOf ?? []).flatMap(keysOf),
]
