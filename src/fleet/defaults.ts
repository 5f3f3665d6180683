/** What pipelines take from `defaults`, merged into them; every part still knows where it is written. */
import type { DataPath, FleetDocument } from './document.ts'

/** A map of the file. */
export type Data = Readonly<Record<string, unknown>>

export const isMap = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Keys of a pipeline that stand for each other: one of its own takes nothing from either default. */
const INSTEAD = new Map([
  ['source', 'sources'],
  ['sources', 'source'],
  ['build', 'builds'],
  ['builds', 'build'],
])

/** Keys that tell a kind, by the key that holds a map of one kind. */
export type Kinds = Readonly<Record<string, readonly string[]>>

/**
 * Gives the document whose pipelines have everything that they take from `defaults`: a JSON merge patch (RFC 7396), in
 * which maps merge, lists and scalars replace, and null removes. A map that names a kind of its own (`kinds`, by the
 * key that holds the map, or the map of several) takes nothing. A pipeline that is empty takes all.
 */
export function withDefaults(document: FleetDocument, kinds: Kinds): FleetDocument {
  const { data } = document
  if (!isMap(data) || !isMap(data.pipelines) || data.defaults === undefined) return document
  const defaults = isMap(data.defaults) ? data.defaults : {}
  const inherited = new Map<string, ReadonlySet<string>>()
  const pipelines: Record<string, unknown> = {}
  for (const [id, own] of Object.entries(data.pipelines)) {
    const taken = new Set<string>()
    pipelines[id] = merge(defaults, own ?? {}, { kinds, taken, path: [] })
    inherited.set(id, taken)
  }
  const origin = (path: DataPath): DataPath => {
    const [root, id, ...rest] = path
    if (root !== 'pipelines') return path
    const taken = inherited.get(String(id))
    return taken && rest.some((_, index) => taken.has(keyOf(rest.slice(0, index + 1))))
      ? ['defaults', ...rest]
      : path
  }
  return {
    ...document,
    data: { ...data, pipelines },
    origin,
    locate: (path) => document.locate(origin(path)),
    locateKey: (path) => document.locateKey(origin(path)),
  }
}

interface Merging {
  readonly kinds: Kinds
  /** Paths whose value is the default's, whole. */
  readonly taken: Set<string>
  readonly path: DataPath
}

/** Gives the second put over the first, and adds to `taken` what is the first's. */
export function merge(defaults: unknown, own: unknown, merging: Merging): unknown {
  if (!isMap(own) || !isMap(defaults)) return own
  const { kinds, taken, path } = merging
  const telling = kinds[String(path.at(-1))] ?? kinds[`${String(path.at(-2))}.*`] ?? []
  if (telling.some((key) => Object.hasOwn(own, key))) return own
  const merged: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(defaults), ...Object.keys(own)])) {
    const below = [...path, key]
    if (!Object.hasOwn(own, key)) {
      if (defaults[key] === null || isReplaced(key, own, path)) continue
      merged[key] = defaults[key]
      taken.add(keyOf(below))
    } else if (own[key] !== null) merged[key] = merge(defaults[key], own[key], { ...merging, path: below })
  }
  return merged
}

/** Whether a pipeline says itself what stands for a default. */
const isReplaced = (key: string, own: Data, path: DataPath): boolean => {
  const other = path.length ? undefined : INSTEAD.get(key)
  return other !== undefined && (own[other] ?? null) !== null
}

export const keyOf = (path: DataPath): string => path.map(String).join('\0')
