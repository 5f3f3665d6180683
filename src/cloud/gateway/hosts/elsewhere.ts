/** Requests that came to the cloud as their proxy, or under AWS's names, and are another host's to answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'
import type { WireResponse } from '../../protocols/index.ts'
import type { Addressed } from '../addressees.ts'
import { ownHost } from '../door/index.ts'
import { isCaught } from './caught-hosts.ts'

const ABSOLUTE = /^https:\/\/([^/?#:@[\]]+)(?::\d+)?(?:[/?#]|$)/i

/**
 * Whether a request names an address of HTTPS that is not the cloud's: some clients (axios before 1.8) ask their proxy so
 * instead of opening a tunnel. No web page can send it.
 */
export function isForElsewhere({ url = '' }: IncomingMessage): boolean {
  const host = ABSOLUTE.exec(url)?.[1]
  return host !== undefined && !isCaught(host) && ownHost(host) !== 'loopback' && URL.canParse(url)
}

/**
 * Whether somebody without a signature reads under a name of AWS's what the cloud does not have and AWS may have for
 * everybody: installers and package lists are in buckets, which builds fetch from the internet as before. An answer to HEAD
 * says nothing but its status: `asGet` tells what GET would be answered.
 */
export async function isPerhapsElsewhere(
  request: IncomingMessage,
  answered: WireResponse,
  { service }: Addressed,
  asGet: () => Promise<WireResponse>,
): Promise<boolean> {
  const { encrypted } = request.socket as Partial<TLSSocket>
  const missing = service?.wire?.missingHere
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (!encrypted || answered.status !== 404 || !isRead || missing === undefined) return false
  const isSigned = request.headers.authorization !== undefined || /[?&]X-Amz-/.test(request.url ?? '')
  if (isSigned) return false
  const { body } = request.method === 'HEAD' ? await asGet() : answered
  return typeof body === 'string' && body.includes(`<Code>${missing}</Code>`)
}

/**
 * Sends a request to its own host. Where that cannot be reached the client is told so, or with `or not at all` nothing is
 * answered yet. Gives whether the client has its answer.
 */
export async function answerElsewhere(
  request: IncomingMessage,
  response: ServerResponse,
  otherwise: 'with an error' | 'or not at all' = 'with an error',
): Promise<boolean> {
  const url = new URL(request.url ?? '/', `https://${request.headers.host}`)
  const { forward } = await import('./forward.ts')
  try {
    await forward(request, response, url)
  } catch (error) {
    if (response.headersSent) response.destroy()
    else if (otherwise === 'or not at all') return false
    else
      response
        .writeHead(502, { 'content-type': 'text/plain' })
        .end(`${url.host}: ${(error as Error).message}\n`)
  }
  return true
}
