/** What the cloud answers about itself, below `/_crossdock/`: health, and the trail for tests and explanations. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerDenials, answerTrail } from './answer-trail.ts'
import type { Host } from './host.ts'

/**
 * `GET /_crossdock/health`, `GET /_crossdock/trail` (every decision) and `GET /_crossdock/denials` (those that pipelines
 * met); both are JSON lines, oldest first.
 * It tells nothing secret and changes nothing, so it asks for no signature.
 */
export async function answerAdministration(
  cloud: Host,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.endpoint)
  if (request.method === 'GET' && url.pathname === '/_crossdock/health') {
    const services = [...cloud.services.keys()]
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ status: 'ok', iam: 'enforced', services })}\n`)
    return
  }
  if (request.method === 'GET' && url.pathname === '/_crossdock/trail') {
    return answerTrail(cloud.trail, url.searchParams, response)
  }
  if (request.method === 'GET' && url.pathname === '/_crossdock/denials')
    return answerDenials(cloud.trail, url.searchParams, response)
  response
    .writeHead(404, { 'content-type': 'text/plain' })
    .end(`${request.method} ${url.pathname} is not here\n`)
}
