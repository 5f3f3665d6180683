/** XML elements to values, by model; compiled once per shape. */

import { setEntry } from '../../model/index.ts'
import type { Fields } from '../kernel/wire.ts'
import type { Member, Shape } from './model.ts'
import { textReader } from './scalar.ts'
import type { XmlElement } from './xml-parse.ts'

type Read = (element: XmlElement) => unknown

const readers = new WeakMap<Shape, Read>()

/** Gives what reads a member's value from its element. It throws MalformedValue. */
export function xmlReader(member: Member): Read {
  const { shape } = member
  const known = readers.get(shape)
  if (known) return known
  if (!['structure', 'list', 'map'].includes(shape.type)) {
    const read = textReader(member)
    return (element) => read(element.text)
  }
  let compiled: Read | undefined
  const lazy: Read = (element) => {
    compiled ??= compile(shape)
    return compiled(element)
  }
  readers.set(shape, lazy)
  return lazy
}

function compile(shape: Shape): Read {
  if (shape.type === 'structure') return structureReader(shape.members)
  if (shape.type === 'list') {
    const { element: item } = shape
    const read = xmlReader(item)
    return (element) => element.children.filter((child) => child.name === item.wireName).map(read)
  }
  const entry = entryReader(shape)
  return (element) => {
    const result: Fields = {}
    for (const child of element.children) if (child.name === 'entry') setEntry(result, ...entry(child))
    return result
  }
}

function entryReader(shape: Shape): (element: XmlElement) => [string, unknown] {
  const { key, value } = shape
  const read = xmlReader(value)
  return (element) => {
    const found = element.children.find((child) => child.name === value.wireName)
    const name = element.children.find((child) => child.name === key.wireName)
    return [name?.text ?? '', found ? read(found) : undefined]
  }
}

/** Reads the members of a structure out of one element. */
export function structureReader(members: readonly Member[]): (element: XmlElement) => Fields {
  const byElement = new Map<string, (element: XmlElement, result: Fields) => void>()
  for (const member of members) if (!member.attribute) byElement.set(member.wireName, memberReader(member))
  const attributes = members.filter((member) => member.attribute)
  return (element) => {
    const result: Fields = {}
    for (const child of element.children) byElement.get(child.name)?.(child, result)
    for (const { name, wireName } of attributes) {
      if (element.attributes[wireName] !== undefined) result[name] = element.attributes[wireName]
    }
    return result
  }
}

function memberReader(member: Member): (element: XmlElement, result: Fields) => void {
  const { name, shape } = member
  if (member.flattened && shape.type === 'list') {
    const read = xmlReader(shape.element)
    return (element, result) => {
      result[name] ??= []
      ;(result[name] as unknown[]).push(read(element))
    }
  }
  if (member.flattened && shape.type === 'map') {
    const read = entryReader(shape)
    return (element, result) => {
      result[name] ??= {}
      setEntry(result[name] as Fields, ...read(element))
    }
  }
  const read = xmlReader(member)
  return (element, result) => {
    result[name] = read(element)
  }
}
