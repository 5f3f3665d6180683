/** The headers that a request has when it reaches a target, and an answer when it reaches the client. */
import type { IncomingMessage } from 'node:http'
import type { Context } from '../../../kernel/context.ts'
import { ANSWER_HEADERS, applicationAttributes, attribute } from '../engine/attributes.ts'
import type { Listener, LoadBalancer } from '../state.ts'

/** Headers of a connection, which end with it (RFC 9110, 7.6.1). */
const HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** AWS: names that are dropped where invalid ones are. */
const VALID_NAME = /^[A-Za-z0-9-]+$/

type Pairs = [name: string, value: string][]

interface From {
  readonly request: IncomingMessage
  readonly listener: Listener
  readonly balancer: LoadBalancer
}

/** Gives names and values in turn, as Node takes them. AWS: X-Forwarded-*, X-Amzn-Trace-Id. */
export function headersForTarget({ cloud }: Context, { request, listener, balancer }: From): string[] {
  const set = (key: string) => attribute(applicationAttributes, balancer.attributes, key)
  const dropped = set('routing.http.drop_invalid_header_fields.enabled') === 'true'
  const mode = set('routing.http.xff_header_processing.mode')
  const replaced = new Set(['x-forwarded-proto', 'x-forwarded-port', 'x-amzn-trace-id'])
  if (mode !== 'preserve') replaced.add('x-forwarded-for')
  const listed = namedIn(request.headers.connection)
  const kept = pairsOf(request.rawHeaders).filter(([name]) => {
    const lower = name.toLowerCase()
    return (
      !HOP.has(lower) && !listed.has(lower) && !replaced.has(lower) && (!dropped || VALID_NAME.test(name))
    )
  })
  const client = clientOf(request, set('routing.http.xff_client_port.enabled') === 'true')
  const before = request.headers['x-forwarded-for']
  const added: Pairs = [
    ...(mode === 'append' ? ([['X-Forwarded-For', before ? `${before}, ${client}` : client]] as Pairs) : []),
    ['X-Forwarded-Proto', listener.protocol.toLowerCase()],
    ['X-Forwarded-Port', String(listener.port)],
    ['X-Amzn-Trace-Id', traceId(request.headers['x-amzn-trace-id'], cloud)],
  ]
  return [...kept, ...added].flat()
}

function clientOf({ socket }: IncomingMessage, withPort: boolean): string {
  const address = addressOf(socket.remoteAddress)
  return withPort ? `${address}:${socket.remotePort}` : address
}

/** IPv4 addresses come as IPv6 where the socket takes both. */
export const addressOf = (address = '127.0.0.1'): string => address.replace(/^::ffff:/, '')

const namedIn = (connection = ''): ReadonlySet<string> =>
  new Set(connection.split(',').map((name) => name.trim().toLowerCase()))

function pairsOf(raw: readonly string[]): Pairs {
  const pairs: Pairs = []
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at]!, raw[at + 1]!])
  return pairs
}

/** AWS: `Root=1-<time>-<id>`; a request that has a root gets the load balancer's own as Self before it. */
function traceId(given: string | string[] | undefined, cloud: Context['cloud']): string {
  const before = String([given ?? ''].flat()[0])
  const time = Math.floor(cloud.clock.now() / 1000)
    .toString(16)
    .padStart(8, '0')
  const own = `1-${time}-${cloud.ids.uuid().replaceAll('-', '').slice(0, 24)}`
  if (!/(?:^|;)\s*Root=/.test(before)) return [`Root=${own}`, ...(before ? [before] : [])].join(';')
  const rest = before.split(';').filter((field) => !/^\s*Self=/.test(field))
  return [`Self=${own}`, ...rest].join(';')
}

/** Gives an answer's headers without those of the connection, with what the listener adds. */
export function headersForClient(rawHeaders: readonly string[], { attributes }: Listener): string[] {
  const added = Object.entries(ANSWER_HEADERS).flatMap(([key, name]) => {
    const value = attributes[key]
    return value ? [[name, value] as [string, string]] : []
  })
  const names = new Set(added.map(([name]) => name))
  if (attributes['routing.http.response.server.enabled'] === 'false') names.add('server')
  const kept = pairsOf(rawHeaders).filter(([name]) => {
    const lower = name.toLowerCase()
    return !HOP.has(lower) && !names.has(lower)
  })
  return [...kept, ...added].flat()
}
