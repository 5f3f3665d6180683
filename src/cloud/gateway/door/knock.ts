/** The head of a request, as far as it decides who is let in. */
import type { IncomingMessage } from 'node:http'

export interface Knock {
  readonly method: string
  /** As in the request line: `/path?query`, `http://host/path?query` where the cloud is set as a proxy, or `*`. */
  readonly target: string
  /** By name in lower case, each with every value that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>
}

/** Reads the raw headers: Node keeps the first of two hosts, and its `headersDistinct` throws at a header `__proto__`. */
export function knockOf(request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): Knock {
  const { method = 'GET', url = '/', rawHeaders } = request
  const headers = new Map<string, string[]>()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!.toLowerCase()
    const values = headers.get(name)
    if (values) values.push(rawHeaders[at + 1]!)
    else headers.set(name, [rawHeaders[at + 1]!])
  }
  // CONNECT: the target is the host alone.
  return { method, target: method === 'CONNECT' ? `http://${url}/` : url, headers }
}
