/** A request as the protocols and signatures see it. */
import type { IncomingMessage } from 'node:http'
import type { WireRequest } from '../protocols/index.ts'

/** Gives it with its body still to be read, where it has one. */
export function wireRequest(request: IncomingMessage): WireRequest {
  const { url = '/', method = 'GET' } = request
  const mark = url.indexOf('?')
  return {
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: request.headers as Record<string, string>,
    host: request.headers.host ?? '',
    body: EMPTY,
    // Without either header there is no body (RFC 9112, 6.3).
    ...(hasBody(request) && { stream: request }),
  }
}

const EMPTY = Buffer.alloc(0)

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0
