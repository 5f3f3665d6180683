/** A server that does nothing with a request but what no server can leave out: it takes the body and gives it back. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Does for each call to STS: a client takes the element with the name of its call. */
const ANSWER =
  '<Response><GetCallerIdentityResult><Arn>a</Arn><UserId>u</UserId><Account>1</Account></GetCallerIdentityResult><AssumeRoleResult/></Response>'

/** A body that was put, with the checksum that the client verifies when it gets it back. */
interface Kept {
  readonly body: Buffer
  readonly checksum: string
}

/** Calls back with the endpoint of the server. */
export async function withFloor<T>(use: (endpoint: string) => Promise<T>): Promise<T> {
  const kept = new Map<string, Kept>()
  const server = createServer((request, response) => answer(kept, request, response))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

function answer(kept: Map<string, Kept>, request: IncomingMessage, response: ServerResponse): void {
  const { method, url = '' } = request
  if (method === 'GET') {
    const { body = '', checksum = '' } = kept.get(url) ?? {}
    response.setHeader('content-length', body.length)
    if (checksum)
      response.setHeader('x-amz-checksum-crc32', checksum).setHeader('x-amz-checksum-type', 'FULL_OBJECT')
    response.end(body)
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (method === 'PUT')
      kept.set(url, {
        body: Buffer.concat(chunks),
        checksum: String(request.headers['x-amz-checksum-crc32'] ?? ''),
      })
    response.end(method === 'POST' ? ANSWER : '')
  })
}
