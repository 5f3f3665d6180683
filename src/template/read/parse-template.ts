/** Reads template text, JSON or YAML with the short forms of intrinsic functions, into plain data. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type Scalar, type YAMLMap } from 'yaml'
import { isTooDeepYaml, readJson, yamlDocument } from '../../model/index.ts'
import { templateFault } from './template-fault.ts'

/** A template's data, unchecked. */
export type Section = Record<string, unknown>

const cache = new Map<string, Section>()
const CACHED = 200

/**
 * Gives a template's data. It is shared between callers and must not be changed.
 * Errors: ValidationError `Template format error: …` where the text is not well-formed or is no map.
 */
export function parseTemplate(text: string): Section {
  const known = cache.get(text)
  if (known) return known
  if (isTooDeepYaml(text)) throw templateFault('Template format error: the template is nested too deeply.')
  const parsed = text.trimStart().startsWith('{') ? parseJson(text) : parseYaml(text)
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw templateFault('Template format error: unsupported structure.')
  if (cache.size >= CACHED) cache.clear()
  cache.set(text, parsed as Section)
  return parsed as Section
}

function parseJson(text: string): unknown {
  try {
    return readJson(text)
  } catch {
    const { line, column } = jsonErrorAt(text)
    throw templateFault(`Template format error: JSON not well-formed. (line ${line}, column ${column})`)
  }
}

/** JSON is YAML, so its parser can tell the place, which JSON.parse does not on every Node version. */
function jsonErrorAt(text: string): { line: number; column: number } {
  const lines = new LineCounter()
  const [first] = yamlDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'json' }).errors
  const { line, col } = lines.linePos(first?.pos[0] ?? text.length)
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

function parseYaml(text: string): unknown {
  const lines = new LineCounter()
  const document = yamlDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    schema: 'core',
  })
  const [first] = document.errors
  if (first) {
    const { line, col } = lines.linePos(first.pos[0])
    const what = first.code === 'DUPLICATE_KEY' ? 'Duplicate key found.' : 'YAML not well-formed.'
    throw templateFault(`Template format error: ${what} (line ${line}, column ${col})`)
  }
  return toValue(document.contents as Node | null, lines)
}

function toValue(node: Node | null, lines: LineCounter): unknown {
  if (node === null) return null
  if (isAlias(node))
    throw templateFault('Template error: YAML aliases are not allowed in CloudFormation templates')
  const tag = 'tag' in node ? node.tag : undefined
  const value = isScalar(node)
    ? scalarValue(node)
    : isSeq(node)
      ? node.items.map((item) => toValue(item as Node, lines))
      : mapValue(node as YAMLMap, lines)
  return tag?.startsWith('!') && tag !== '!' ? shortForm(tag, value, node, lines) : value
}

function mapValue(node: YAMLMap, lines: LineCounter): Section {
  if (!isMap(node)) throw templateFault('Template format error: unsupported structure.')
  const entries = node.items.map((pair) => {
    const key = isScalar(pair.key) ? (pair.key.source ?? String(pair.key.value)) : undefined
    if (key === undefined) throw templateFault(`Template format error: a key must be text${at(node, lines)}`)
    return [key, toValue(pair.value as Node | null, lines)]
  })
  return Object.fromEntries(entries)
}

/** Digits with a leading zero, as in account ids, are kept as they are written. */
function scalarValue(node: Scalar): unknown {
  const { value, source } = node
  if (typeof value === 'number' && source && /^0\d+$/.test(source)) return source
  if (typeof value === 'bigint') return source ?? String(value)
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
  throw templateFault(`Template format error: unknown tag ${tag}${at(node, lines)}`)
}

function splitAttribute(text: string): string[] {
  const dot = text.indexOf('.')
  return dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]
}

function at(node: Node, lines: LineCounter): string {
  if (!node.range) return ''
  const { line, col } = lines.linePos(node.range[0])
  return ` (line ${line}, column ${col})`
}
