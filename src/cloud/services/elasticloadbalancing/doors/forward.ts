/** Forwards a request to an address of the private network: to what listens there, or to what answers in its place. */
import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { type PrivateEndpoint, privateNetwork } from '../../../kernel/private-network.ts'
import { applicationAttributes, attribute } from '../engine/attributes.ts'
import { countRequest } from '../engine/metrics.ts'
import { settling } from '../engine/settling.ts'
import { underWay } from './choose.ts'
import { groupCookies, targetCookies } from './cookies.ts'
import { type Chosen, type Exchange, ownError } from './exchange.ts'
import { headersForClient, headersForTarget } from './forwarded-headers.ts'
import { readBody } from './read-body.ts'

/** Bytes that a simulated answerer is given. */
const LARGEST = 1_048_576

export async function forward(exchange: Exchange, chosen: Chosen): Promise<void> {
  const { ctx, listener } = exchange
  const { group, target } = chosen
  const endpoint = ctx.cloud
    .part(privateNetwork)
    .find({ account: ctx.account, region: ctx.region, ip: target.id, port: target.port ?? 0 })
  // AWS: a connection that nobody answers times out.
  if (!endpoint) return ownError(exchange, 504)
  const began = ctx.cloud.clock.now()
  const ended = underWay(ctx, target)
  const told = (status: number): void => {
    const seconds = (ctx.cloud.clock.now() - began) / 1000
    countRequest(ctx, { listener, group: group.arn, target: { status, seconds } })
  }
  try {
    await (endpoint.kind === 'port'
      ? toPort(exchange, chosen, { port: endpoint.port, told })
      : toAnswerer(exchange, chosen, { endpoint, told }))
  } finally {
    ended()
  }
}

type Told = (status: number) => void

/** Gives what is set beside a target's own cookies. */
const cookiesFor = (
  { ctx }: Exchange,
  { action, group, target }: Chosen,
  set: readonly string[],
): string[] => [...groupCookies(ctx, action, group.arn), ...targetCookies(ctx, group, target, set)]

function toPort(
  exchange: Exchange,
  chosen: Chosen,
  { port, told }: { port: number; told: Told },
): Promise<void> {
  const { ctx, request, response, listener, balancer } = exchange
  const { promise, resolve } = settling<void>()
  const secure = chosen.group.protocol === 'HTTPS'
  const patience = new AbortController()
  const fail = (status: number): void => {
    patience.abort()
    // AWS: 460 for a client that is gone before it is answered.
    if (response.destroyed) countRequest(ctx, { listener, own: { status: 460 } })
    else ownError(exchange, status)
    resolve()
  }
  const onward = (secure ? secureRequest : plainRequest)(
    {
      host: '127.0.0.1',
      port,
      method: request.method,
      path: request.url,
      headers: headersForTarget(ctx, exchange),
      setHost: false,
      // A connection that was kept may be closed by a task that ends, just when it is used again.
      agent: false,
      // AWS: certificates of targets are not verified.
      ...(secure && { rejectUnauthorized: false }),
    },
    (answer) => {
      patience.abort()
      const status = answer.statusCode ?? 502
      told(status)
      const cookies = cookiesFor(exchange, chosen, answer.headers['set-cookie'] ?? [])
      const headers = [
        ...headersForClient(answer.rawHeaders, listener),
        ...cookies.flatMap((cookie) => ['Set-Cookie', cookie]),
      ]
      response.writeHead(status, answer.statusMessage, headers)
      answer.pipe(response)
      answer.once('error', () => response.destroy())
      response.once('close', () => {
        onward.destroy()
        resolve()
      })
    },
  )
  let late = false
  onward.on('error', () => {
    if (patience.signal.aborted) response.destroy()
    // AWS: 502 for a connection that is refused or closed, 504 for one that says nothing in time.
    else fail(late ? 504 : 502)
    resolve()
  })
  // The client is gone: so is its request.
  response.once('close', () => onward.destroy())
  const idle = Number(attribute(applicationAttributes, balancer.attributes, 'idle_timeout.timeout_seconds'))
  void ctx.cloud.clock.sleep(idle * 1000, AbortSignal.any([patience.signal, ctx.cloud.signal])).then(() => {
    if (patience.signal.aborted) return
    late = true
    onward.destroy(new Error('the target says nothing'))
  })
  request.pipe(onward)
  return promise
}

async function toAnswerer(
  exchange: Exchange,
  chosen: Chosen,
  { endpoint, told }: { endpoint: Extract<PrivateEndpoint, { kind: 'simulated' }>; told: Told },
): Promise<void> {
  const { ctx, request, response, listener } = exchange
  const body = await readBody(request, LARGEST)
  if (!body) return ownError(exchange, 413)
  const { method = 'GET', url: path = '/' } = request
  const raw = headersForTarget(ctx, exchange)
  const headers: Record<string, string> = {}
  for (let at = 0; at + 1 < raw.length; at += 2) headers[raw[at]!.toLowerCase()] = raw[at + 1]!
  const answer = await endpoint.answer({ method, path, headers, body })
  told(answer.status)
  const given = Object.entries(answer.headers ?? {}).flat()
  const cookies = cookiesFor(exchange, chosen, [])
  response.writeHead(answer.status, [
    ...headersForClient(given, listener),
    ...cookies.flatMap((cookie) => ['Set-Cookie', cookie]),
    'content-length',
    String(Buffer.byteLength(answer.text)),
  ])
  response.end(answer.text)
}
