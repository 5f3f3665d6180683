/** Errors in exactly the shape that each protocol wants. */
import type { AwsError } from '../../model/index.ts'
import type { ErrorAnswer, Fields, WireResponse } from '../kernel/wire.ts'
import { writeCbor } from './cbor.ts'
import { structureWriter } from './json.ts'
import type { OperationModel, ServiceModel, Shape } from './model.ts'
import { requestIdHeaders } from './request-id.ts'
import { CBOR_HEADERS, structure } from './rpc-cbor.ts'
import { escapeXml, membersWriter } from './xml-write.ts'

interface Answer extends ErrorAnswer {
  readonly model: ServiceModel
  /** The modelled shape, if the service has one for this code. */
  readonly shape?: Shape
}

type Body = Omit<WireResponse, 'status'>

/** AWS: the statuses of errors that every query service knows and no model lists. */
const commonStatus: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredToken: 403,
  InvalidClientTokenId: 403,
  MissingAuthenticationToken: 403,
  OptInRequired: 403,
  SignatureDoesNotMatch: 403,
  InternalFailure: 500,
  ServiceUnavailable: 503,
}

/** Writes an error. The status is the error's own unless it is the default 400 and the model knows better. */
export function encodeError(
  model: ServiceModel,
  operation: OperationModel | undefined,
  error: AwsError,
  requestId: string,
  extra: { resource?: string } = {},
): WireResponse {
  const shape = model.error(error.code)
  const code = (model.protocol === 'query' && shape?.data.error?.code) || error.code
  const answer: Answer = {
    model,
    error,
    shape,
    code,
    status: statusOf(model, shape, error),
    requestId,
    resource: extra.resource,
  }
  const { headers: told, body } = bodyOf(answer)
  const headers = { ...told, ...error.headers, ...requestIdHeaders(model, requestId) }
  // AWS: neither the answer to a HEAD request nor NotModified has a body; the status alone tells the client.
  const isBare = operation?.method === 'HEAD' || answer.status === 304
  return { status: answer.status, headers, body: isBare ? '' : body }
}

function bodyOf(answer: Answer): Body {
  const { protocol, wire } = answer.model
  if (wire?.errorBody) return wire.errorBody(answer)
  if (protocol === 'cbor') return cborError(answer)
  return protocol === 'query' ? queryError(answer) : jsonError(answer)
}

function statusOf(model: ServiceModel, shape: Shape | undefined, error: AwsError): number {
  if (error.status !== 400) return error.status
  const own = model.wire?.errorStatus?.(error.code)
  if (own !== undefined) return own
  if (model.protocol === 'json' || model.protocol === 'cbor')
    return shape?.data.error?.status ?? (shape?.data.error?.fault ? 500 : 400)
  const known = shape?.data.error
  return known?.status ?? (known?.fault ? 500 : (commonStatus[error.code] ?? 400))
}

/** The modelled members of the error besides its message. */
function modelledFields({ shape, error }: Answer): Shape['members'] {
  return (shape?.members ?? []).filter((one) => !isMessage(one.name) && error.fields[one.name] !== undefined)
}

const isMessage = (name: string): boolean => name.toLowerCase() === 'message'

function queryError(answer: Answer): Body {
  const { model, code, status, error, requestId } = answer
  const type = status < 500 ? 'Sender' : 'Receiver'
  const fields = membersWriter(modelledFields(answer))(error.fields)
  const body =
    `<ErrorResponse xmlns="${model.xmlNamespace}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message>${fields}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return { headers: { 'content-type': 'text/xml' }, body }
}

function jsonError(answer: Answer): Body {
  const { model, shape, code, status, error } = answer
  const type = shape?.name ?? code
  const messageName = shape?.members.find((one) => isMessage(one.name))?.wireName ?? 'message'
  const body: Fields = model.protocol === 'json' ? { __type: type } : {}
  // AWS: Lambda tells in the body whose fault it was.
  if (shape?.member('Type')) body.Type = status < 500 ? 'User' : 'Service'
  body[messageName] = error.message
  const headers: Record<string, string> = {
    'content-type':
      model.protocol === 'json' ? `application/x-amz-json-${model.jsonVersion}` : 'application/json',
    'x-amzn-errortype': type,
  }
  const fields = modelledFields(answer)
  const inHeaders = fields.filter((one) => one.location === 'header')
  for (const one of inHeaders) headers[one.wireName.toLowerCase()] = String(error.fields[one.name])
  Object.assign(body, structureWriter(fields.filter((one) => !inHeaders.includes(one)))(error.fields))
  Object.assign(headers, queryErrorHeader(answer))
  return { headers, body: JSON.stringify(body) }
}

/** AWS: what the code was in the query protocol, for clients that know no other. */
function queryErrorHeader({ model, shape, code, status }: Answer): Record<string, string> {
  if (!model.queryErrors) return {}
  return {
    'x-amzn-query-error': `${shape?.data.error?.code ?? code};${status < 500 ? 'Sender' : 'Receiver'}`,
  }
}

/** Smithy: the shape of the error and its members; the message is one of them. */
function cborError(answer: Answer): Body {
  const { shape, code, error } = answer
  const messageName = shape?.members.find((one) => isMessage(one.name))?.wireName ?? 'message'
  const fields = structure(modelledFields(answer), error.fields as Fields)
  return {
    headers: { ...CBOR_HEADERS, ...queryErrorHeader(answer) },
    body: writeCbor({ __type: shape?.name ?? code, [messageName]: error.message, ...fields }),
  }
}
