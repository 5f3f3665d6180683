/** The wire protocols: from requests to inputs, from outputs and errors to answers, all by model. */
import type { AwsError } from '../../model/index.ts'
import type { Fields, WireRequest, WireResponse } from '../kernel/wire.ts'
import { withoutChunkedEncoding } from './aws-chunked.ts'
import { jsonReader, structureWriter } from './json.ts'
import { malformedInput } from './malformed-input.ts'
import type { OperationModel, ServiceModel } from './model.ts'
import { decodeQuery, encodeQuery } from './query.ts'
import { requestIdHeaders } from './request-id.ts'
import { requireChecksum } from './require-checksum.ts'
import { decodeRest, parseJson } from './rest-decode.ts'
import { encodeRest } from './rest-encode.ts'
import { decodeCbor, encodeCbor } from './rpc-cbor.ts'
import { MalformedValue } from './scalar.ts'

export type { Fields, WireRequest, WireResponse } from '../kernel/wire.ts'
export { encodeError } from './encode-error.ts'
export { headerText } from './header-text.ts'
export {
  isModelled,
  loadModel,
  type Member,
  type OperationModel,
  type ServiceModel,
  Shape,
} from './model.ts'
export { isStreamingInput } from './rest-decode.ts'
export { route } from './route.ts'
export { spoken } from './spoken.ts'
export { unmodelled } from './unmodelled.ts'
export { percentDecode, queryPairs } from './uri.ts'
export { validate } from './validate.ts'
export { escapeXml } from './xml-write.ts'

const jsonWriters = new WeakMap<OperationModel, (output: unknown) => Fields>()

/**
 * Reads an operation's input: dates for timestamps, bytes for blobs, the body itself for a streaming payload.
 * Errors: the protocol's own for a body that is not well-formed or a value that is not of the modelled type, and
 * InvalidRequest when S3 demands a checksum that is not there.
 */
export function decode(model: ServiceModel, operation: OperationModel, wire: WireRequest): Fields {
  try {
    if (model.protocol === 'query') return decodeQuery(operation, wire)
    if (model.protocol === 'json') return decodeJson(operation, wire)
    if (model.protocol === 'cbor') return decodeCbor(operation, wire)
    requireChecksum(operation, wire)
    return decodeRest(model, operation, withoutChunkedEncoding(wire))
  } catch (error) {
    throw error instanceof MalformedValue ? malformedInput(model, error) : (error as AwsError)
  }
}

function decodeJson(operation: OperationModel, wire: WireRequest): Fields {
  if (!operation.input) return {}
  const member = { name: '', wireName: '', renamed: false, shape: operation.input, flattened: false }
  return jsonReader({ ...member, attribute: false, streaming: false })(parseJson(wire.body)) as Fields
}

/** Writes an operation's output. Members that the model does not know are left out. */
export function encode(
  model: ServiceModel,
  operation: OperationModel,
  output: Fields,
  requestId: string,
): WireResponse {
  const ids = requestIdHeaders(model, requestId)
  if (model.protocol === 'query') {
    const headers = { 'content-type': 'text/xml', ...ids }
    return { status: 200, headers, body: encodeQuery(model, operation, output, requestId) }
  }
  if (model.protocol === 'json') {
    const headers = { 'content-type': `application/x-amz-json-${model.jsonVersion}`, ...ids }
    return { status: 200, headers, body: operation.output ? encodeJson(operation, output) : '' }
  }
  if (model.protocol === 'cbor') {
    const { headers, body } = encodeCbor(operation, output)
    return { status: 200, headers: { ...headers, ...ids }, body }
  }
  const response = encodeRest(model, operation, output)
  return { ...response, headers: { ...response.headers, ...ids } }
}

function encodeJson(operation: OperationModel, output: Fields): string {
  let write = jsonWriters.get(operation)
  if (!write) {
    write = structureWriter(operation.output!.members)
    jsonWriters.set(operation, write)
  }
  return JSON.stringify(write(output))
}
