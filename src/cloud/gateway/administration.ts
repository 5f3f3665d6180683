/** What the cloud answers about itself, below `/_crossdock/`: health, and the trail for tests and explanations. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Host } from './host.ts'

/**
 * `GET /_crossdock/health`, `GET /_crossdock/trail` (JSON lines, oldest first; `?denied` for denials
 * only, `cause=` for what was called in the course of one action execution).
 * It tells nothing secret and changes nothing, so it asks for no signature.
 */
export async function answerAdministration(
  cloud: Host,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', cloud.endpoint)
  if (request.method === 'GET' && url.pathname === '/_crossdock/health') {
    const services = cloud.services.map((one) => one.id)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify({ status: 'ok', iam: 'enforced', services })}\n`)
    return
  }
  if (request.method === 'GET' && url.pathname === '/_crossdock/trail') {
    const { searchParams } = url
    const cause = searchParams.get('cause')
    const wanted = cloud.trail
      .entries()
      .filter((entry) => !searchParams.has('denied') || entry.decision.effect !== 'allowed')
      .filter((entry) => cause === null || entry.cause === cause)
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.end(wanted.map((entry) => `${JSON.stringify(entry)}\n`).join(''))
    return
  }
  response
    .writeHead(404, { 'content-type': 'text/plain' })
    .end(`${request.method} ${url.pathname} is not here\n`)
}
