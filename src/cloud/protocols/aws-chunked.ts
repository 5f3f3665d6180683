/** The transfer encoding that S3 clients put into Content-Encoding. */
import type { WireRequest } from '../kernel/wire.ts'

/** AWS: S3 keeps an object's Content-Encoding without the transfer's own `aws-chunked`. */
export function withoutChunkedEncoding(wire: WireRequest): WireRequest {
  const encoding = wire.headers['content-encoding']
  if (!encoding?.includes('aws-chunked')) return wire
  const { 'content-encoding': _, ...headers } = wire.headers
  const kept = encoding
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '')
  return { ...wire, headers: kept.length > 0 ? { ...headers, 'content-encoding': kept.join(',') } : headers }
}
