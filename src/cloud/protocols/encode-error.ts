/** Errors in exactly the shape that each protocol wants. */
import type { AwsError } from '../../model/index.ts'
import { structureWriter } from './json.ts'
import type { OperationModel, ServiceModel, Shape } from './model.ts'
import { requestIdHeaders } from './request-id.ts'
import { s3ErrorStatus } from './s3-error-status.ts'
import type { Fields, WireResponse } from './wire.ts'
import { escapeXml, membersWriter } from './xml-write.ts'

interface ErrorAnswer {
  readonly model: ServiceModel
  readonly error: AwsError
  /** The modelled shape, if the service has one for this code. */
  readonly shape?: Shape
  readonly code: string
  readonly status: number
  readonly requestId: string
  readonly resource?: string
}

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
  const answer: ErrorAnswer = {
    model,
    error,
    shape,
    code,
    status: statusOf(model, shape, error),
    requestId,
    resource: extra.resource,
  }
  const response =
    model.protocol === 'query'
      ? queryError(answer)
      : model.name === 's3'
        ? s3Error(answer)
        : jsonError(answer)
  const headers = { ...response.headers, ...error.headers, ...requestIdHeaders(model, requestId) }
  // AWS: neither the answer to a HEAD request nor NotModified has a body; the status alone tells the client.
  const isBare = operation?.method === 'HEAD' || answer.status === 304
  return { ...response, headers, body: isBare ? '' : response.body }
}

function statusOf(model: ServiceModel, shape: Shape | undefined, error: AwsError): number {
  if (error.status !== 400) return error.status
  if (model.name === 's3') return s3ErrorStatus[error.code] ?? shape?.data.error?.status ?? 400
  if (model.protocol === 'json') return shape?.data.error?.status ?? (shape?.data.error?.fault ? 500 : 400)
  const known = shape?.data.error
  return known?.status ?? (known?.fault ? 500 : (commonStatus[error.code] ?? 400))
}

/** The modelled members of the error besides its message. */
function modelledFields({ shape, error }: ErrorAnswer): Shape['members'] {
  return (shape?.members ?? []).filter((one) => !isMessage(one.name) && error.fields[one.name] !== undefined)
}

const isMessage = (name: string): boolean => name.toLowerCase() === 'message'

function queryError(answer: ErrorAnswer): WireResponse {
  const { model, code, status, error, requestId } = answer
  const type = status < 500 ? 'Sender' : 'Receiver'
  const fields = membersWriter(modelledFields(answer))(error.fields)
  const body =
    `<ErrorResponse xmlns="${model.xmlNamespace}"><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message>${fields}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`
  return { status, headers: { 'content-type': 'text/xml' }, body }
}

/** AWS: S3's error is a flat element with what the code calls for besides code and message. */
function s3Error(answer: ErrorAnswer): WireResponse {
  const { code, status, error, requestId, resource } = answer
  let details = ''
  for (const [name, value] of Object.entries(error.fields)) {
    if (value !== undefined) details += `<${name}>${escapeXml(String(value))}</${name}>`
  }
  if (resource !== undefined) details += `<Resource>${escapeXml(resource)}</Resource>`
  const hostId = requestIdHeaders(answer.model, requestId)['x-amz-id-2']
  const body =
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${escapeXml(code)}</Code>` +
    `<Message>${escapeXml(error.message)}</Message>${details}` +
    `<RequestId>${requestId}</RequestId><HostId>${hostId}</HostId></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function jsonError(answer: ErrorAnswer): WireResponse {
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
  if (model.queryErrors) {
    headers['x-amzn-query-error'] =
      `${shape?.data.error?.code ?? code};${status < 500 ? 'Sender' : 'Receiver'}`
  }
  return { status, headers, body: JSON.stringify(body) }
}
