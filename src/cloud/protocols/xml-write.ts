/** Values to XML, by model; compiled once per shape. */

import type { Fields } from '../kernel/wire.ts'
import type { Member, Shape } from './model.ts'
import { textWriter } from './scalar.ts'

type Write = (value: unknown) => string

const contents = new WeakMap<Shape, Write>()

/** Escapes character data; a carriage return would otherwise be read back as a line feed. */
export function escapeXml(text: string): string {
  return /[&<>"\r\u0085\u2028]/.test(text) ? text.replace(/[&<>"\r\u0085\u2028]/g, escaped) : text
}

function escaped(character: string): string {
  switch (character) {
    case '&':
      return '&amp;'
    case '<':
      return '&lt;'
    case '>':
      return '&gt;'
    case '"':
      return '&quot;'
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`
  }
}

/** Gives what writes a member with its element; undefined and null write nothing. */
export function xmlWriter(member: Member): Write {
  const { shape } = member
  if (member.flattened && (shape.type === 'list' || shape.type === 'map')) return flattenedWriter(member)
  const write = contentWriter(member)
  const attributes = shape.type === 'structure' ? attributeWriter(shape) : undefined
  const open = `<${member.wireName}`
  const close = `</${member.wireName}>`
  return (value) => {
    if (value === undefined || value === null) return ''
    return `${open}${attributes ? attributes(value as Fields) : ''}>${write(value)}${close}`
  }
}

function flattenedWriter(member: Member): Write {
  const { shape, wireName } = member
  if (shape.type === 'map') return entriesWriter(shape, wireName)
  const item = xmlWriter({
    ...shape.element,
    wireName: shape.element.renamed ? shape.element.wireName : wireName,
  })
  return (value) => (value === undefined || value === null ? '' : joined(value as Iterable<unknown>, item))
}

function contentWriter(member: Member): Write {
  const { shape } = member
  const known = contents.get(shape)
  if (known) return known
  if (!['structure', 'list', 'map'].includes(shape.type)) {
    const write = textWriter(member, 'iso8601')
    return (value) => escapeXml(write(value))
  }
  let compiled: Write | undefined
  const lazy: Write = (value) => {
    compiled ??= compileContent(shape)
    return compiled(value)
  }
  contents.set(shape, lazy)
  return lazy
}

function compileContent(shape: Shape): Write {
  if (shape.type === 'structure') return membersWriter(shape.members)
  if (shape.type === 'map') return entriesWriter(shape, 'entry')
  const item = xmlWriter(shape.element)
  return (value) => joined(value as Iterable<unknown>, item)
}

/** Writes the elements of some members, without an element around them. */
export function membersWriter(members: readonly Member[]): Write {
  const fields = members
    .filter((member) => !member.attribute)
    .map((member) => ({ name: member.name, write: xmlWriter(member) }))
  return (value) => {
    let text = ''
    for (const { name, write } of fields) text += write((value as Fields)[name])
    return text
  }
}

/** The namespace and the attributes of a structure; S3's Grantee is the one that has them. */
function attributeWriter(shape: Shape): ((value: Fields) => string) | undefined {
  const attributes = shape.members.filter((member) => member.attribute)
  if (attributes.length === 0) return undefined
  const prefix = attributes[0]!.wireName.split(':')[0]
  const namespace = shape.data.xmlNamespace ? ` xmlns:${prefix}="${shape.data.xmlNamespace}"` : ''
  return (value) => {
    let text = namespace
    for (const { name, wireName } of attributes) {
      if (value[name] !== undefined) text += ` ${wireName}="${escapeXml(String(value[name]))}"`
    }
    return text
  }
}

function entriesWriter(shape: Shape, element: string): Write {
  const key = xmlWriter(shape.key)
  const item = xmlWriter(shape.value)
  return (value) => {
    let text = ''
    for (const [name, one] of Object.entries((value ?? {}) as Fields)) {
      text += `<${element}>${key(name)}${item(one)}</${element}>`
    }
    return text
  }
}

function joined(values: Iterable<unknown>, write: Write): string {
  let text = ''
  for (const value of values) text += write(value)
  return text
}
