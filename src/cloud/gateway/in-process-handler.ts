/** Lets AWS SDK clients call the cloud without a socket. */
import { Readable } from 'node:stream'
import type { InProcessHandler, SmithyResponse } from '../kernel/in-process-handler.ts'
import type { WireRequest, WireResponse } from '../protocols/index.ts'

/** The part of Smithy's HttpRequest that clients fill. */
interface SmithyRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Gives a request handler that hands every request of an SDK client to `dispatch`. */
export function inProcessHandler(dispatch: (wire: WireRequest) => Promise<WireResponse>): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request) => ({
      response: toSmithy(await dispatch(toWire(request as SmithyRequest))),
    }),
    destroy() {},
    httpHandlerConfigs: () => ({}),
    updateHttpClientConfig() {},
  }
}

function toWire(request: SmithyRequest): WireRequest {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = String(value)
  headers.host ??= request.port === undefined ? request.hostname : `${request.hostname}:${request.port}`
  const { body } = request
  return {
    method: request.method,
    path: request.path,
    query: queryText(request.query ?? {}),
    headers,
    host: headers.host,
    body: wholeBody(body),
    stream: isBytes(body) || body === undefined || body === null ? undefined : streamOf(body),
  }
}

/** A view on the client's bytes: its own byte class must not be asked to become text. */
function wholeBody(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  return Buffer.alloc(0)
}

const isBytes = (body: unknown): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array

function streamOf(body: unknown): AsyncIterable<Uint8Array> {
  if (typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
    return body as AsyncIterable<Uint8Array>
  }
  throw new TypeError('The body of an SDK request must be text, bytes or a readable stream')
}

function queryText(query: NonNullable<SmithyRequest['query']>): string {
  const parts: string[] = []
  for (const [name, value] of Object.entries(query)) {
    const values = value === null ? [null] : typeof value === 'string' ? [value] : value
    for (const one of values)
      parts.push(one === null ? escape3986(name) : `${escape3986(name)}=${escape3986(one)}`)
  }
  return parts.join('&')
}

function escape3986(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Clients read bodies as Node streams. */
function toSmithy(wire: WireResponse): SmithyResponse {
  const isWhole = typeof wire.body === 'string' || wire.body instanceof Uint8Array
  const body = isWhole
    ? Readable.from(wire.body.length > 0 ? [Buffer.from(wire.body as string)] : [], { objectMode: false })
    : Readable.from(wire.body as AsyncIterable<Uint8Array>, { objectMode: false })
  const headers = { ...wire.headers }
  if (isWhole) headers['content-length'] ??= String(Buffer.byteLength(wire.body as string))
  return { statusCode: wire.status, headers, body }
}
