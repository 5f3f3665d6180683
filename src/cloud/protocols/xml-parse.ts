/** A strict parser for the XML that clients send: no document types, no entities but XML's own, bounded depth. */
import { setEntry } from '../../model/index.ts'
import { MalformedValue } from './scalar.ts'

export interface XmlElement {
  /** Without its namespace prefix. */
  readonly name: string
  /** By name as written, prefix included. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  /** The character data directly inside, joined. */
  text: string
}

const DEPTH_LIMIT = 64
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const openTag = /<([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const closeTag = /<\/([\w.:-]+)\s*>/y
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Parses a document and gives its root element. Errors: MalformedValue. */
export function parseXml(source: string): XmlElement {
  const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '' }
  const open: { element: XmlElement; tag: string }[] = [{ element: document, tag: '' }]
  let at = 0
  while (at < text.length) {
    const current = open[open.length - 1]!
    if (text.charCodeAt(at) !== 60) at = readText(text, at, current.element)
    else if (text.startsWith('<!--', at)) at = skipPast(text, '-->', at + 4)
    else if (text.startsWith('<?', at)) at = skipPast(text, '?>', at + 2)
    else if (text.startsWith('<![CDATA[', at)) {
      const end = skipPast(text, ']]>', at + 9)
      current.element.text += text.slice(at + 9, end - 3)
      at = end
    } else if (text.charCodeAt(at + 1) === 47) {
      const tag = match(closeTag, text, at)
      if (open.length === 1 || tag[1] !== current.tag) throw malformed()
      open.pop()
      at += tag[0].length
    } else at = readOpenTag(text, at, open)
  }
  if (open.length !== 1 || document.children.length !== 1 || document.text.trim() !== '') throw malformed()
  return document.children[0]!
}

function readOpenTag(text: string, at: number, open: { element: XmlElement; tag: string }[]): number {
  const tag = match(openTag, text, at)
  if (open.length > DEPTH_LIMIT) throw malformed()
  const element: XmlElement = {
    name: localName(tag[1]!),
    attributes: readAttributes(tag[2]!),
    children: [],
    text: '',
  }
  open[open.length - 1]!.element.children.push(element)
  if (tag[3] === '') open.push({ element, tag: tag[1]! })
  return at + tag[0].length
}

function readText(text: string, at: number, element: XmlElement): number {
  const next = text.indexOf('<', at)
  const end = next < 0 ? text.length : next
  element.text += decodeEntities(text.slice(at, end).replace(/\r\n?/g, '\n'))
  return end
}

function readAttributes(source: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name, double, single] of source.matchAll(attribute)) {
    setEntry(attributes, name!, decodeEntities(double ?? single ?? ''))
  }
  return attributes
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+)?;?/g, (whole, name: string | undefined) => {
    if (name === undefined || !whole.endsWith(';')) throw malformed()
    if (name.startsWith('#')) return character(name)
    const value = Object.hasOwn(entities, name) ? entities[name] : undefined
    if (value === undefined) throw malformed()
    return value
  })
}

function character(reference: string): string {
  const code = reference[1] === 'x' ? Number.parseInt(reference.slice(2), 16) : Number(reference.slice(1))
  if (code === 0 || code > 0x10ffff) throw malformed()
  return String.fromCodePoint(code)
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  if (!found) throw malformed()
  return found
}

function skipPast(text: string, end: string, from: number): number {
  const found = text.indexOf(end, from)
  if (found < 0) throw malformed()
  return found + end.length
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** AWS: S3's MalformedXML. */
const malformed = (): MalformedValue =>
  new MalformedValue(
    'The XML you provided was not well-formed or did not validate against our published schema',
  )
