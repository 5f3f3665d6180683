/** REST requests: members of an input in the path, the query, the headers and the body. */
import { readJson, setEntry } from '../../model/index.ts'
import type { Fields, Wire, WireRequest } from '../kernel/wire.ts'
import { headerText } from './header-text.ts'
import { jsonReader } from './json.ts'
import { type Member, type OperationModel, payloadMember, type ServiceModel } from './model.ts'
import { MalformedValue, textReader } from './scalar.ts'
import { percentDecode, queryPairs } from './uri.ts'
import { parseXml } from './xml-parse.ts'
import { structureReader, xmlReader } from './xml-read.ts'

type ReadInput = (wire: WireRequest, input: Fields, query: readonly [string, string][]) => void

const decoders = new WeakMap<OperationModel, ReadInput[]>()

/** Reads an input from all its places. Errors: MalformedValue. */
export function decodeRest(model: ServiceModel, operation: OperationModel, wire: WireRequest): Fields {
  let readers = decoders.get(operation)
  if (!readers) {
    readers = compileDecoder(model, operation)
    decoders.set(operation, readers)
  }
  const input: Fields = {}
  const query = queryPairs(wire.query)
  for (const read of readers) read(wire, input, query)
  return input
}

/** Whether the operation's payload is taken as a stream. */
export function isStreamingInput(operation: OperationModel): boolean {
  return payloadMember(operation.input)?.streaming ?? false
}

function compileDecoder(model: ServiceModel, operation: OperationModel): ReadInput[] {
  const { input } = operation
  if (!input) return []
  const readers = input.members.filter((member) => member.location).map(locationReader)
  readers.unshift(
    model.wire?.address ? addressReader(model.wire.address, operation) : labelsReader(operation),
  )
  const payload = payloadMember(input)
  readers.push(payload ? payloadReader(model, payload) : bodyReader(model, input.members))
  return readers
}

function addressReader(address: NonNullable<Wire['address']>, operation: OperationModel): ReadInput {
  const members = new Set(operation.input!.members.map(({ name }) => name))
  return (wire, input) => {
    const found = address(wire).members
    for (const name in found) if (members.has(name)) input[name] = found[name]
  }
}

function labelsReader(operation: OperationModel): ReadInput {
  const members = new Map(operation.input!.members.map((member) => [member.wireName, member]))
  const parts = operation.uri
    .split('?')[0]!
    .split('/')
    .filter((part) => part !== '')
  const labels = parts.flatMap((part, index) => {
    const label = /^\{(.+?)(\+?)\}$/.exec(part)
    const member = label && members.get(label[1]!)
    return member ? [{ name: member.name, index, greedy: label[2] === '+', read: textReader(member) }] : []
  })
  return (wire, input) => {
    const segments = wire.path.split('/').filter((part) => part !== '')
    for (const { name, index, greedy, read } of labels) {
      const raw = greedy ? segments.slice(index).join('/') : segments[index]!
      input[name] = read(percentDecode(raw))
    }
  }
}

function locationReader(member: Member): ReadInput {
  if (member.location === 'header') return headerReader(member)
  if (member.location === 'headers') return prefixReader(member)
  if (member.location === 'querystring') return queryReader(member)
  return () => {}
}

function headerReader(member: Member): ReadInput {
  const header = member.wireName.toLowerCase()
  const { name, shape } = member
  if (shape.type === 'list') {
    const read = textReader({ ...shape.element, location: 'header' })
    return (wire, input) => {
      const value = wire.headers[header]
      if (value) input[name] = value.split(',').map((item) => read(unquote(item.trim())))
    }
  }
  const read = textReader(member)
  return (wire, input) => {
    const value = wire.headers[header]
    if (value !== undefined) input[name] = read(headerText(value))
  }
}

const unquote = (text: string): string =>
  /^".*"$/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text

function prefixReader(member: Member): ReadInput {
  const prefix = member.wireName.toLowerCase()
  return (wire, input) => {
    const found: Record<string, string> = {}
    for (const [header, value] of Object.entries(wire.headers)) {
      if (header.startsWith(prefix)) setEntry(found, header.slice(prefix.length), headerText(value))
    }
    if (Object.keys(found).length > 0) input[member.name] = found
  }
}

function queryReader(member: Member): ReadInput {
  const { name, wireName, shape } = member
  if (shape.type === 'list') {
    const read = textReader({ ...shape.element, location: 'querystring' })
    return (_, input, query) => {
      const values = query.filter(([key]) => key === wireName)
      if (values.length > 0) input[name] = values.map(([, value]) => read(value))
    }
  }
  if (shape.type === 'map') throw new Error(`${name}: maps in the query are not modelled by any service here`)
  const read = textReader(member)
  return (_, input, query) => {
    const found = query.find(([key]) => key === wireName)
    if (found) input[name] = read(found[1])
  }
}

function payloadReader(model: ServiceModel, member: Member): ReadInput {
  const { name, shape } = member
  if (member.streaming) {
    return (wire, input) => {
      input[name] = wire.stream ?? bytes(wire.body)
    }
  }
  if (shape.type === 'blob' || shape.type === 'string') {
    return (wire, input) => {
      if (wire.body.length > 0) input[name] = shape.type === 'blob' ? wire.body : wire.body.toString()
    }
  }
  const parse = model.protocol === 'rest-json' ? readJsonWith(member) : readXmlWith(member)
  return (wire, input) => {
    if (wire.body.length > 0) input[name] = parse(wire.body)
  }
}

function readJsonWith(member: Member): (body: Buffer) => unknown {
  const read = jsonReader(member)
  return (body) => read(parseJson(body))
}

function readXmlWith(member: Member): (body: Buffer) => unknown {
  const read = xmlReader(member)
  return (body) => read(parseXml(body.toString()))
}

async function* bytes(body: Buffer): AsyncIterable<Uint8Array> {
  if (body.length > 0) yield body
}

function bodyReader(model: ServiceModel, members: readonly Member[]): ReadInput {
  const inBody = members.filter((member) => member.location === undefined)
  if (inBody.length === 0) return () => {}
  if (model.protocol === 'rest-xml') {
    const read = structureReader(inBody)
    return (wire, input) => {
      if (wire.body.length > 0) Object.assign(input, read(parseXml(wire.body.toString())))
    }
  }
  const fields = inBody.map((member) => ({ ...member, read: jsonReader(member) }))
  return (wire, input) => {
    if (wire.body.length === 0) return
    const source = parseJson(wire.body)
    if (typeof source !== 'object' || source === null) throw new MalformedValue('Unexpected field type')
    for (const { name, wireName, read } of fields) {
      const found = (source as Fields)[wireName]
      if (found !== undefined && found !== null) input[name] = read(found)
    }
  }
}

/** Parses a JSON body; an empty one is an empty structure. Errors: MalformedValue. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return readJson(body.toString())
  } catch {
    throw new MalformedValue('Could not parse request body into json')
  }
}
