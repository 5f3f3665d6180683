/** CORS: what lets a page of an allowed origin read the answers it gets. */
import type { IncomingMessage, ServerResponse } from 'node:http'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'

/** `*` is every header for requests without cookies, as the SDKs send them; the names are for pages that send some. */
const EXPOSED = [
  '*',
  'Date',
  'ETag',
  'x-amz-bucket-region',
  'x-amz-delete-marker',
  'x-amz-error-code',
  'x-amz-error-message',
  'x-amz-executed-version',
  'x-amz-function-error',
  'x-amz-id-2',
  'x-amz-log-result',
  'x-amz-request-id',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-version-id',
  'x-amzn-errortype',
  'x-amzn-query-error',
  'x-amzn-requestid',
].join(', ')

/**
 * Tells the browser that the page may read the answer; answers a preflight, and says so. The SDKs sign with headers of
 * many names (`amz-sdk-invocation-id`, `x-amz-meta-…`), so whichever are asked for are allowed.
 * The CORS configurations of buckets have no part in this: they let in other origins than those named at the start never.
 */
export function answerCrossOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  origin: string,
): 'answered' | 'goes on' {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', EXPOSED)
  if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return 'goes on'
  response.setHeader('access-control-allow-methods', METHODS)
  const asked = request.headers['access-control-request-headers']
  if (asked) response.setHeader('access-control-allow-headers', asked)
  // Chromium asks this of servers on loopback when the page was served by another machine.
  if (request.headers['access-control-request-private-network'] === 'true')
    response.setHeader('access-control-allow-private-network', 'true')
  response.setHeader('access-control-max-age', '600')
  response.writeHead(204).end()
  return 'answered'
}
