/** REST answers: members of an output in the status, the headers and the body. */

import type { Fields, Pieces, WireResponse } from '../kernel/wire.ts'
import { encodedWord, headerBytes } from './header-text.ts'
import { structureWriter } from './json.ts'
import { type Member, type OperationModel, payloadMember, type ServiceModel } from './model.ts'
import { textWriter } from './scalar.ts'
import { escapeXml, membersWriter, xmlWriter } from './xml-write.ts'

type WriteOutput = (output: Fields) => {
  headers: Record<string, string>
  body: WireResponse['body']
  status?: number
}

const encoders = new WeakMap<OperationModel, WriteOutput>()

/** Writes an output to headers and body. */
export function encodeRest(model: ServiceModel, operation: OperationModel, output: Fields): WireResponse {
  let write = encoders.get(operation)
  if (!write) {
    write = compileEncoder(model, operation)
    encoders.set(operation, write)
  }
  const { headers, body, status } = write(output)
  return { status: status ?? model.wire?.successStatus?.(output) ?? operation.status, headers, body }
}

function compileEncoder(model: ServiceModel, operation: OperationModel): WriteOutput {
  const { output } = operation
  const members = output?.members ?? []
  const status = members.find((member) => member.location === 'statusCode')
  const headers = members.filter((member) => member.location?.startsWith('header')).map(headerWriter)
  const payload = payloadMember(output)
  const body = payload ? payloadWriter(model, payload) : bodyWriter(model, operation)
  return (value) => {
    const written = body(value)
    for (const write of headers) write(value, written.headers)
    const given = status && value[status.name]
    return given === undefined ? written : { ...written, status: Number(given) }
  }
}

function headerWriter(member: Member): (output: Fields, headers: Record<string, string>) => void {
  const { name, shape } = member
  const header = member.wireName.toLowerCase()
  if (shape.type === 'map') {
    return (output, headers) => {
      for (const [key, value] of Object.entries((output[name] ?? {}) as Record<string, string>)) {
        headers[header + key.toLowerCase()] = encodedWord(value)
      }
    }
  }
  if (shape.type === 'list') {
    const write = textWriter({ ...shape.element, location: 'header' }, 'rfc822')
    return (output, headers) => {
      const items = output[name] as unknown[] | undefined
      if (items && items.length > 0) headers[header] = items.map(write).join(',')
    }
  }
  const write = textWriter(member, 'rfc822')
  return (output, headers) => {
    const value = output[name]
    if (value !== undefined && value !== null) headers[header] = headerBytes(write(value))
  }
}

function payloadWriter(model: ServiceModel, member: Member): WriteOutput {
  const { name, shape } = member
  if (shape.type === 'blob' || shape.type === 'string') {
    return (output) => {
      const value = output[name]
      const type = shape.type === 'blob' ? 'application/octet-stream' : contentType(model)
      return { headers: { 'content-type': type }, body: rawBody(value, name) }
    }
  }
  if (model.protocol === 'rest-json') {
    const write = structureWriter(shape.members)
    return (output) => ({ headers: jsonHeaders(), body: JSON.stringify(write(output[name] ?? {})) })
  }
  const write = xmlWriter({ ...member, wireName: member.renamed ? member.wireName : member.shape.name })
  return (output) => {
    const body = write(output[name])
    return body === '' ? { headers: {}, body } : xmlBody(withNamespace(body, model.xmlNamespace))
  }
}

function rawBody(value: unknown, name: string): WireResponse['body'] {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value === 'object' && Symbol.asyncIterator in value) return value as Pieces
  throw new TypeError(`${name} must be bytes, text or a stream of bytes`)
}

const jsonHeaders = (): Record<string, string> => ({ 'content-type': 'application/json' })
const contentType = (model: ServiceModel): string =>
  model.protocol === 'rest-json' ? 'application/json' : 'application/xml'

const xmlBody = (body: string) => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
})

function withNamespace(body: string, namespace: string | undefined): string {
  return body.replace(/^<[^\s>/]+/, (open) => `${open} xmlns="${namespace}"`)
}

function bodyWriter(model: ServiceModel, operation: OperationModel): WriteOutput {
  const members = (operation.output?.members ?? []).filter((member) => member.location === undefined)
  if (model.protocol === 'rest-json') {
    if (operation.status === 204 || !operation.output) return () => ({ headers: {}, body: '' })
    const write = structureWriter(members)
    return (output) => ({ headers: jsonHeaders(), body: JSON.stringify(write(output)) })
  }
  if (members.length === 0) return () => ({ headers: {}, body: '' })
  const root = operation.rootElement ?? operation.output!.name
  const text = model.wire?.rootText?.[operation.name]
  if (text !== undefined)
    return ({ [text]: value = '' }) =>
      xmlBody(`<${root} xmlns="${model.xmlNamespace}">${escapeXml(String(value))}</${root}>`)
  const write = membersWriter(members)
  return (output) => xmlBody(`<${root} xmlns="${model.xmlNamespace}">${write(output)}</${root}>`)
}
