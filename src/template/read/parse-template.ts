/** Reads template text, JSON or YAML with the short forms of intrinsic functions, into plain data. */

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { isTooDeepYaml, readJson, yamlDocument } from '../../model/index.ts'
import { type Place, TemplateFault, templateFault } from './template-fault.ts'

/** A template's data, unchecked. */
export type Section = Record<string, unknown>

const cache = new Map<string, Section>()
const CACHED = 200

/**
 * Gives a template's data. It is shared between callers and must not be changed.
 * Errors: ValidationError `Template format error: …` where the text is not well-formed or is no map.
 */
export function parseTemplate(written: string): Section {
  const text = withoutMark(written)
  const known = cache.get(text)
  if (known) return known
  if (isTooDeepYaml(text))
    throw new TemplateFault('Template format error: the template is nested too deeply.', NO_TEMPLATE)
  const parsed = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new TemplateFault('Template format error: unsupported structure.', {
      told: 'it has no Resources',
      ...NO_TEMPLATE,
    })
  if (cache.size >= CACHED) cache.clear()
  cache.set(text, parsed as Section)
  return parsed as Section
}

const NO_TEMPLATE = { fix: 'name a CloudFormation template: a map with Resources in it' }

/** What the parser says of a text, on one line. */
const notWellFormed = (message = '') => ({
  told: `this is no YAML or JSON: ${message.charAt(0).toLowerCase()}${message.slice(1).split('\n')[0]}`,
  fix: 'mend the template there; `aws cloudformation validate-template` reads it the same way',
})

/** Editors put a byte order mark before a text; it is no part of it. */
export const withoutMark = (text: string): string => (text.startsWith('\uFEFF') ? text.slice(1) : text)

/** A fault of the text itself. */
const malformed = (what: string, place: Place | undefined, details: { told?: string; fix?: string } = {}) =>
  new TemplateFault(what + (place ? ` (line ${place.line}, column ${place.column})` : ''), {
    place,
    ...details,
  })

function parseJson(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    const { message, ...place } = jsonErrorAt(text)
    throw malformed('Template format error: JSON not well-formed.', place, notWellFormed(message))
  }
}

/** JSON is YAML, so its parser can tell the place, which JSON.parse does not on every Node version. */
function jsonErrorAt(text: string): Place & { readonly message?: string } {
  const lines = new LineCounter()
  const [first] = yamlDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'json' }).errors
  const { line, col } = lines.linePos(first?.pos[0] ?? text.length)
  return { line: Math.max(line, 1), column: Math.max(col, 1), message: first?.message }
}

/** The nodes of a text and its lines, where it is well-formed. Errors: as `parseTemplate`. */
export function nodesOf(text: string): { readonly root: Node | null; readonly lines: LineCounter } {
  const { document, lines } = looselyIndented(text)
  const [first] = document.errors
  if (first) {
    const what = first.code === 'DUPLICATE_KEY' ? 'Duplicate key found.' : 'YAML not well-formed.'
    const place = placeAt(first.pos[0], lines)
    throw malformed(`Template format error: ${what}`, place, notWellFormed(first.message))
  }
  return { root: document.contents as Node | null, lines }
}

/** Spaces that indent a line enough, and how many lines get them. */
const ENOUGH = 200
const LINES = 50

/**
 * AWS reads YAML 1.1 with a parser that does not mind how the lines within brackets are indented (`}` and `]` stand under
 * their key, or further left); the one here does, so that these lines are moved to the right for it.
 */
function looselyIndented(text: string): { readonly document: Document.Parsed; readonly lines: LineCounter } {
  const rows = text.split('\n')
  const lines = new MovedLines()
  for (;;) {
    lines.lineStarts.length = 0
    const options = { prettyErrors: false, logLevel: 'silent', schema: 'core' } as const
    const document = yamlDocument(rows.join('\n'), { ...options, lineCounter: lines })
    const [first] = document.errors
    if (first?.code !== 'BAD_INDENT' || !first.message.startsWith('Flow ')) return { document, lines }
    const { line } = lines.linePos(first.pos[0])
    if (lines.moved.has(line) || lines.moved.size >= LINES) return { document, lines }
    lines.moved.add(line)
    rows[line - 1] = ' '.repeat(ENOUGH) + rows[line - 1]
  }
}

/** Tells columns as they were before lines were moved. */
class MovedLines extends LineCounter {
  readonly moved = new Set<number>()

  constructor() {
    super()
    const { linePos } = this
    this.linePos = (offset) => {
      const { line, col } = linePos(offset)
      return { line, col: this.moved.has(line) ? Math.max(1, col - ENOUGH) : col }
    }
  }
}

/** Gives line and column of an offset. */
export function placeAt(offset: number, lines: LineCounter): Place {
  const { line, col } = lines.linePos(offset)
  return { line, column: col }
}

function parseYaml(text: string): unknown {
  const { root, lines } = nodesOf(text)
  return toValue(root, lines)
}

/** Where names stand: a condition may be called `No`, also without quotes. */
const ofNames = new Set(['Ref', 'Condition', 'DependsOn'])

/** `within` is the key or tag that it stands behind. */
function toValue(node: Node | null, lines: LineCounter, within?: string): unknown {
  if (node === null) return null
  if (isAlias(node))
    throw new TemplateFault('Template error: YAML aliases are not allowed in CloudFormation templates', {
      place: node.range ? placeAt(node.range[0], lines) : undefined,
      told: `AWS takes no YAML aliases in templates: *${node.source}`,
      fix: `write what &${node.source} stands for`,
    })
  const tag = 'tag' in node ? node.tag : undefined
  const behind = tag?.startsWith('!') ? tag.slice(1) : within
  const isName = behind !== undefined && ofNames.has(behind)
  const value = isScalar(node)
    ? scalarValue(node, isName)
    : isSeq(node)
      ? node.items.map((item, index) => toValue(item as Node, lines, itemOf(behind, index)))
      : mapValue(node as YAMLMap, lines)
  return tag?.startsWith('!') && tag !== '!' ? shortForm(tag, value, node, lines) : value
}

/** The first of Fn::If is a condition's name; those of DependsOn all are. */
const itemOf = (behind: string | undefined, index: number): string | undefined =>
  behind === 'DependsOn' || (index === 0 && (behind === 'If' || behind === 'Fn::If'))
    ? 'Condition'
    : undefined

function mapValue(node: YAMLMap, lines: LineCounter): Section {
  if (!isMap(node)) throw templateFault('Template format error: unsupported structure.')
  const entries = node.items.map((pair) => {
    const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined
    if (key === undefined) throw malformed('Template format error: a key must be text', at(node, lines))
    return [key, toValue(pair.value as Node | null, lines, key)]
  })
  return Object.fromEntries(entries)
}

/**
 * What YAML 1.1 calls booleans besides `true` and `false`; as text they become these. AWS:
 * UserGuide/template-formats.html, "CloudFormation supports the YAML Version 1.1 specification".
 */
const booleans: ReadonlyMap<string, boolean> = new Map(
  ['yes', 'on', 'no', 'off'].flatMap((word) =>
    [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)].map(
      (one) => [one, word === 'yes' || word === 'on'] as const,
    ),
  ),
)

/** Digits with a leading zero, as in account ids, are kept as they are written. */
function scalarValue(node: Scalar, isName: boolean): unknown {
  const { value, source } = node
  if (typeof value === 'number' && source && /^0\d+$/.test(source)) return source
  if (typeof value === 'bigint') return source ?? String(value)
  if (typeof value === 'string' && node.type === 'PLAIN' && !node.tag && !isName)
    return booleans.get(value) ?? value
  return value
}

const shortForms = new Set([
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'GetAZs',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
])

function shortForm(tag: string, value: unknown, node: Node, lines: LineCounter): Section {
  const name = tag.slice(1)
  if (name === 'Ref' || name === 'Condition') return { [name]: value }
  if (name === 'GetAtt') return { 'Fn::GetAtt': typeof value === 'string' ? splitAttribute(value) : value }
  if (shortForms.has(name)) return { [`Fn::${name}`]: value }
  throw malformed(`Template format error: unknown tag ${tag}`, at(node, lines), {
    fix: 'write one of the functions that CloudFormation has, or quote the text',
  })
}

function splitAttribute(text: string): string[] {
  const dot = text.indexOf('.')
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

const at = (node: Node, lines: LineCounter): Place | undefined =>
  node.range ? placeAt(node.range[0], lines) : undefined
