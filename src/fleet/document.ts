/** A fleet file that was read: its data, and where each part of it stands. */
import {
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
} from 'yaml'
import { FleetError, isTooDeepYaml, type SourceLocation, yamlDocument } from '../model/index.ts'
import { FleetErrors } from './fleet-errors.ts'

export type DataPath = readonly PropertyKey[]

export interface FleetDocument {
  readonly file: string
  readonly data: unknown
  /** Gives where the value at a path stands, or the nearest part around it that is written down. */
  locate(path: DataPath): SourceLocation
  /** The same for the key itself, where `path` ends in one. */
  locateKey(path: DataPath): SourceLocation
  /** Gives the path under which the file has what stands at a path of the data. */
  origin(path: DataPath): DataPath
}

const itself = (path: DataPath): DataPath => path

/** Values under these keys are text whatever they look like. */
const TEXT_MAPS = new Set([
  'parameters',
  'environment',
  'secrets',
  'tags',
  'values',
  'variables',
  'accounts',
  'accountTags',
])
/** And so are what stands in these lists. */
const TEXT_LISTS = new Set(['accounts', 'except', 'branches'])

/**
 * Reads YAML (JSON is YAML too).
 * Throws: FleetErrors with every syntax error.
 */
export function readYaml(text: string, file: string): FleetDocument {
  if (isTooDeepYaml(text))
    throw new FleetError('it is nested too deeply', {
      location: { file },
      fix: 'name a fleet file with --fleet',
    })
  const lines = new LineCounter()
  const document = yamlDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const at = (offset: number | undefined): SourceLocation => {
    if (offset === undefined) return { file, line: 1, column: 1 }
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  if (document.errors.length)
    throw new FleetErrors(
      document.errors.map((error) => {
        const location = at(error.pos[0])
        return error.code === 'DUPLICATE_KEY'
          ? new FleetError(twice(document, error.pos[0]), { location, fix: 'rename one' })
          : new FleetError(error.message, {
              location,
              fix: 'mend the YAML: indentation, quotes and brackets',
            })
      }),
    )
  keepTextAsWritten(document)
  const find = finder(document.contents)
  const start = (node: unknown) => (node as Node | undefined)?.range?.[0]
  const valueAt = (path: DataPath): SourceLocation => at(start(find(path).node))
  return {
    file,
    data: dataOf(document, file),
    locate: valueAt,
    origin: itself,
    locateKey: (path) => {
      const { pair, depth } = find(path)
      return depth === path.length && pair ? at(start(pair.key)) : valueAt(path)
    },
  }
}

interface Found {
  /** The value at the path, or the nearest part around it that is written down. */
  readonly node: unknown
  /** Of a map, the value with its key. */
  readonly pair?: Pair
  /** How much of the path is written down. */
  readonly depth: number
}

/** Gives what finds parts by their paths: each map is gone through once, however many of its keys are asked for. */
function finder(root: unknown): (path: DataPath) => Found {
  const indexes = new Map<unknown, ReadonlyMap<string, Pair>>()
  const indexOf = (map: YAMLMap): ReadonlyMap<string, Pair> => {
    const known = indexes.get(map)
    if (known) return known
    const made = new Map(
      map.items.map((pair) => [String(isScalar(pair.key) ? pair.key.value : pair.key), pair]),
    )
    indexes.set(map, made)
    return made
  }
  return (path) => {
    let found: Found = { node: root, depth: 0 }
    for (const [depth, key] of path.entries()) {
      const { node } = found
      const pair = isMap(node) ? indexOf(node as YAMLMap).get(String(key)) : undefined
      const inner = isSeq(node) ? node.items[Number(key)] : pair?.value
      if (pair === undefined && inner === undefined) break
      // A key without a value is where its value would stand.
      found = { node: inner ?? pair?.key, depth: depth + 1, ...(pair && { pair }) }
    }
    return found
  }
}

/** Says which key stands a second time in its map. */
function twice(document: ReturnType<typeof yamlDocument>, offset: number): string {
  let told = 'a key stands here twice'
  visit(document, {
    Pair(_index, { key }, ancestors) {
      if (!isScalar(key) || key.range?.[0] !== offset) return
      const around = ancestors.at(-2)
      const kind = isPair(around) && isScalar(around.key) ? String(around.key.value) : ''
      told = kind.endsWith('s')
        ? `two ${kind} named \`${key.value}\``
        : `the key \`${key.value}\` stands here twice`
    },
  })
  return told
}

/** Throws: FleetErrors where aliases of aliases would make far more of the file than stands in it. */
function dataOf(document: ReturnType<typeof yamlDocument>, file: string): unknown {
  try {
    return document.toJS()
  } catch (cause) {
    if (!(cause instanceof ReferenceError)) throw cause
    throw new FleetErrors([
      new FleetError(`its aliases cannot be followed: ${cause.message}`, {
        location: { file, line: 1, column: 1 },
        fix: 'write out what the aliases stand for',
      }),
    ])
  }
}

/** Account ids keep their leading zeros and values like 1.10 their last digit, though nobody quoted them. */
function keepTextAsWritten(document: ReturnType<typeof yamlDocument>): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value === 'string' || node.value === null || !node.source) return
      const pair = ancestors.at(-1)
      const name = isPair(pair) ? (pair.key as Scalar).value : undefined
      const outer = ancestors.at(-3)
      const outerName = isPair(outer) ? (outer.key as Scalar).value : undefined
      const list = isSeq(pair) ? ancestors.at(-2) : undefined
      const isListed = isPair(list) && TEXT_LISTS.has(String((list.key as Scalar).value))
      const around = ancestors.at(-5)
      const isOfRegion = isPair(around) && (around.key as Scalar).value === 'regions'
      if (
        name === 'account' ||
        isListed ||
        isOfRegion ||
        (typeof outerName === 'string' && TEXT_MAPS.has(outerName))
      )
        node.value = node.source
    },
  })
}

/** Gives the document without the keys at its top that begin with `x-`: places for YAML's anchors. */
export function withoutExtensions(document: FleetDocument): FleetDocument {
  const { data } = document
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return document
  return {
    ...document,
    data: Object.fromEntries(Object.entries(data).filter(([key]) => !key.startsWith('x-'))),
  }
}

/** Wraps the value that a TypeScript or JavaScript file exports; its parts have names but no lines. */
export function documentOf(data: unknown, file: string): FleetDocument {
  const locate = (): SourceLocation => ({ file })
  return { file, data, locate, locateKey: locate, origin: itself }
}
