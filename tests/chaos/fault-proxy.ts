/** A proxy in front of a cloud that does to calls what networks and overloaded services do to them. */
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { seededRandom } from './random.ts'

/** What a fault is chosen by. */
export interface FaultRequest {
  /** Counts from 0, in the order in which requests are complete. */
  readonly number: number
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The operation where the protocol names it (query and JSON protocols); else `PUT /path`. */
  readonly operation: string
}

export type Fault =
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The connection breaks; `acted`: once the server has done what was asked. */
  | { readonly kind: 'reset'; readonly acted: boolean }
  /** No answer ever comes. */
  | { readonly kind: 'silence'; readonly acted: boolean }
  /** Another answer than the server's. */
  | {
      readonly kind: 'answer'
      readonly acted: boolean
      readonly status: number
      readonly body: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Half of the server's answer; `honest`: with the length of that half, so that HTTP finds nothing wrong with it. */
  | { readonly kind: 'truncate'; readonly honest: boolean }

export interface FaultProxy {
  readonly endpoint: string
  /** How often each kind of fault was done, and `none`: counted once it is, and once the server has acted if it does. */
  readonly counts: ReadonlyMap<Fault['kind'] | 'none', number>
  close(): Promise<void>
}

/** An answer that has not reached its client yet. */
interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/**
 * Starts a proxy on a free port of loopback. Requests go on as they came, `Host` too, so that signatures stay valid.
 * `random` is between 0 and 1, drawn once for each request from `seed` and the request's number.
 */
export async function startFaultProxy(options: {
  readonly target: string
  readonly fault: (request: FaultRequest, random: number) => Fault | undefined
  readonly seed?: number
}): Promise<FaultProxy> {
  const { target, fault, seed = 1 } = options
  const counts = new Map<Fault['kind'] | 'none', number>()
  const random = seededRandom(seed)
  let requests = 0
  const server = createServer(async (incoming, response) => {
    try {
      const body = await bodyOf(incoming)
      const found = fault(describe(incoming, body, requests++), random())
      await serve(incoming, response, found, () => forward(target, incoming, body))
      counts.set(found?.kind ?? 'none', (counts.get(found?.kind ?? 'none') ?? 0) + 1)
    } catch {
      response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** AWS's answer to one call too many, in the words of each protocol. */
export function throttled({ headers }: FaultRequest): Fault {
  const target = headers['x-amz-target']
  const answer = (status: number, type: string, body: string): Fault => ({
    kind: 'answer',
    acted: false,
    status,
    headers: { 'content-type': type },
    body,
  })
  if (target !== undefined)
    return answer(
      400,
      'application/x-amz-json-1.1',
      '{"__type":"ThrottlingException","message":"Rate exceeded"}',
    )
  const error = '<Code>Throttling</Code><Message>Rate exceeded</Message>'
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
    return answer(
      400,
      'text/xml',
      `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>throttled</RequestId></ErrorResponse>`,
    )
  return answer(
    503,
    'application/xml',
    '<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>',
  )
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  fault: Fault | undefined,
  forwarded: () => Promise<Answer>,
): Promise<void> {
  if (!fault) return send(response, await forwarded())
  if ('acted' in fault && fault.acted) await forwarded()
  switch (fault.kind) {
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
      return send(response, await forwarded())
    case 'reset':
      incoming.socket.resetAndDestroy()
      return
    case 'silence':
      return
    case 'answer':
      response
        .writeHead(fault.status, { 'content-length': Buffer.byteLength(fault.body), ...fault.headers })
        .end(fault.body)
      return
    case 'truncate':
      return truncate(response, await forwarded(), fault.honest)
  }
}

function truncate(response: ServerResponse, { status, headers, body }: Answer, honest: boolean): void {
  const half = body.subarray(0, body.length >> 1)
  if (honest) return send(response, { status, headers, body: half })
  response.writeHead(status, withLength(headers, Math.max(1, body.length)))
  response.write(half, () => response.destroy())
  response.flushHeaders()
}

const send = (response: ServerResponse, { status, headers, body }: Answer): void =>
  void response.writeHead(status, withLength(headers, body.length)).end(body)

function withLength(headers: IncomingHttpHeaders, length: number): IncomingHttpHeaders {
  const { 'transfer-encoding': _, connection: __, 'keep-alive': ___, ...rest } = headers
  return { ...rest, 'content-length': String(length) }
}

function describe(incoming: IncomingMessage, body: Buffer, number: number): FaultRequest {
  const { method = '', url: path = '', headers } = incoming
  const named =
    /\.(\w+)$/.exec(String(headers['x-amz-target'] ?? ''))?.[1] ??
    /(?:^|&)Action=(\w+)/.exec(formOf(headers, body))?.[1]
  return { number, method, path, headers, body, operation: named ?? `${method} ${path.split('?')[0]}` }
}

const formOf = (headers: IncomingHttpHeaders, body: Buffer): string =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? body.toString() : ''

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  const { hostname, port } = new URL(target)
  const { method, url: path, rawHeaders } = incoming
  return new Promise((resolve, reject) => {
    // Raw headers: what was signed goes on letter by letter.
    const outgoing = request({
      hostname,
      port,
      method,
      path,
      headers: rawHeaders,
      agent: false,
      setHost: false,
    })
    outgoing.on('error', reject)
    outgoing.on('response', async (answer) => {
      resolve({ status: answer.statusCode ?? 500, headers: answer.headers, body: await bodyOf(answer) })
    })
    outgoing.end(body)
  })
}
