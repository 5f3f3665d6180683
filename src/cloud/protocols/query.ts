/** The query protocol: form parameters in, XML out. */

import { setEntry } from '../../model/index.ts'
import type { Fields, WireRequest } from '../kernel/wire.ts'
import type { Member, OperationModel, ServiceModel, Shape } from './model.ts'
import { textReader } from './scalar.ts'
import { membersWriter } from './xml-write.ts'

/** Parameters as a tree: `Tags.member.1.Key=a` is a → Tags → member → 1 → Key. */
interface Node {
  value?: string
  children?: Map<string, Node>
}

type Read = (node: Node) => unknown

const readers = new WeakMap<Shape, Read>()
const writers = new WeakMap<OperationModel, (output: Fields) => string>()

/** Routing and decoding both ask. */
const parsed = new WeakMap<WireRequest, URLSearchParams>()

/** The parameters of a request, from its body and, for a GET, from its query. */
export function queryParameters(wire: WireRequest): URLSearchParams {
  const known = parsed.get(wire)
  if (known) return known
  const body = wire.body.length > 0 ? wire.body.toString() : ''
  const parameters = new URLSearchParams(
    body === '' ? wire.query : wire.query === '' ? body : `${wire.query}&${body}`,
  )
  parsed.set(wire, parameters)
  return parameters
}

/**
 * A value without escapes is a slice of the request's text, which it would keep alive for as long as a record holds
 * it: a stack's name its whole template. V8 copies up to 12 characters anyway.
 */
const apart = (value: string): string => (value.length > 12 ? Buffer.from(value).toString() : value)

/** Reads the input out of form parameters. Errors: MalformedValue. */
export function decodeQuery(operation: OperationModel, wire: WireRequest): Fields {
  if (!operation.input) return {}
  const root: Node = {}
  for (const [name, value] of queryParameters(wire)) insert(root, name, apart(value))
  return readerOf(operation.input)(root) as Fields
}

function insert(root: Node, name: string, value: string): void {
  let node = root
  for (const part of name.split('.')) {
    node.children ??= new Map()
    let next = node.children.get(part)
    if (!next) {
      next = {}
      node.children.set(part, next)
    }
    node = next
  }
  node.value = value
}

function memberReader(member: Member): Read {
  const { shape } = member
  if (shape.type === 'list') return listReader(member)
  if (shape.type === 'map') return mapReader(member)
  if (shape.type === 'structure') return readerOf(shape)
  const read = textReader(member)
  return (node) => (node.value === undefined ? undefined : read(node.value))
}

function readerOf(shape: Shape): Read {
  const known = readers.get(shape)
  if (known) return known
  let fields: { name: string; wireName: string; read: Read }[] | undefined
  const reader: Read = (node) => {
    fields ??= shape.members.map((member) => ({
      name: member.name,
      wireName: queryName(member),
      read: memberReader(member),
    }))
    const result: Fields = {}
    for (const { name, wireName, read } of fields) {
      const found = node.children?.get(wireName)
      const value = found && read(found)
      if (value !== undefined) result[name] = value
    }
    return result
  }
  readers.set(shape, reader)
  return reader
}

/** A flattened list whose element has a name of its own is sent under that name. */
function queryName(member: Member): string {
  const { shape } = member
  return member.flattened && shape.type === 'list' && shape.element.renamed
    ? shape.element.wireName
    : member.wireName
}

/** An empty list is sent as the list's name with an empty value. */
function listReader(member: Member): Read {
  const { element } = member.shape
  const read = memberReader(element)
  return (node) => {
    const items = member.flattened ? node : (node.children?.get(element.wireName) ?? node)
    return numbered(items).map(read)
  }
}

function mapReader(member: Member): Read {
  const { key, value } = member.shape
  const read = memberReader(value)
  return (node) => {
    const result: Fields = {}
    const entries = member.flattened ? node : (node.children?.get('entry') ?? {})
    for (const entry of numbered(entries)) {
      const name = entry.children?.get(key.wireName)?.value
      const found = entry.children?.get(value.wireName)
      if (name !== undefined && found) setEntry(result, name, read(found))
    }
    return result
  }
}

/** The children named 1, 2, 3 … in that order. */
function numbered(node: Node): Node[] {
  return [...(node.children ?? [])]
    .filter(([name]) => /^\d+$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child)
}

/** Writes the answer of an operation. */
export function encodeQuery(
  model: ServiceModel,
  operation: OperationModel,
  output: Fields,
  requestId: string,
): string {
  let write = writers.get(operation)
  if (!write) {
    const members = membersWriter(operation.output?.members ?? [])
    const wrapper = operation.resultWrapper
    write = wrapper ? (value) => `<${wrapper}>${members(value)}</${wrapper}>` : () => ''
    writers.set(operation, write)
  }
  return (
    `<${operation.name}Response xmlns="${model.xmlNamespace}">${write(output)}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation.name}Response>`
  )
}
