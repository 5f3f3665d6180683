/** Requests that are for another host than the cloud's: sent on over TLS, and answered with what comes back. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { connect as connectSecurely } from 'node:tls'
import { connectOut } from './upstream.ts'

/** RFC 9110, 7.6.1: what is between two neighbours only; a proxy's own headers too. */
const HOP_BY_HOP = /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i

/** Sends a request to the host that it names. Errors: those of the connection. */
export async function forward(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const port = Number(url.port || 443)
  const socket = await connectOut(url.hostname, port, process.env)
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = requestSecurely(url, {
      method: request.method,
      headers: [...passedOn(request.rawHeaders, 'host'), 'Host', url.host, 'Connection', 'close'],
      createConnection: () => connectSecurely({ socket, servername: url.hostname }),
    })
    asking.once('response', resolve)
    asking.once('error', reject)
    response.once('close', () => asking.destroy())
    if (request.readableEnded) asking.end()
    else pipeline(request, asking).catch(reject)
  })
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, passedOn(answer.rawHeaders))
  await pipeline(answer, response)
}

function passedOn(raw: readonly string[], ...without: readonly string[]): string[] {
  const kept: string[] = []
  for (let at = 0; at + 1 < raw.length; at += 2)
    if (!HOP_BY_HOP.test(raw[at]!) && !without.includes(raw[at]!.toLowerCase()))
      kept.push(raw[at]!, raw[at + 1]!)
  return kept
}
