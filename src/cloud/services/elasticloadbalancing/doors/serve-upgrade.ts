/** WebSockets and other upgrades: handed through to the target as they are. */
import { type IncomingMessage, request as plainRequest } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Context } from '../../../kernel/context.ts'
import { privateNetwork } from '../../../kernel/private-network.ts'
import { listeners, loadBalancers } from '../state.ts'
import { headersForTarget } from './forwarded-headers.ts'
import { choose, ruleFor } from './serve-request.ts'

interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** AWS: a function is asked by no upgrade (400). */
export function serveUpgrade(ctx: Context, listenerArn: string, { request, socket, head }: Upgrade): void {
  socket.on('error', () => socket.destroy())
  const end = (status: string): void =>
    void socket.end(
      `HTTP/1.1 ${status}\r\nserver: awselb/2.0\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    )
  if (ctx.cloud.refusedAtApplication(request)) return end('403 Forbidden')
  const listener = ctx.table(listeners).get(listenerArn)
  const balancer = listener && ctx.table(loadBalancers).get(listener.loadBalancer)
  if (!balancer) return void socket.destroy()
  const rule = ruleFor(ctx, listener, request)
  if (rule.actions.at(-1)!.Type !== 'forward') return end('400 Bad Request')
  const chosen = choose(ctx, rule, request)
  if (!chosen) return end('503 Service Temporarily Unavailable')
  if (chosen.group.type === 'lambda') return end('400 Bad Request')
  const { account, region } = ctx
  const { id: ip, port = 0 } = chosen.target
  const endpoint = ctx.cloud.part(privateNetwork).find({ account, region, ip, port })
  if (endpoint?.kind !== 'port') return end('502 Bad Gateway')
  const { upgrade = '' } = request.headers
  const onward = plainRequest({
    host: '127.0.0.1',
    port: endpoint.port,
    method: request.method,
    path: request.url,
    setHost: false,
    agent: false,
    headers: [
      ...headersForTarget(ctx, { request, listener, balancer }),
      'Connection',
      'Upgrade',
      'Upgrade',
      upgrade,
    ],
  })
  onward.on('error', () => end('502 Bad Gateway'))
  onward.on('response', (answer) => {
    // The target does not want to: what it says instead ends the connection.
    socket.write(headOf(answer))
    answer.pipe(socket)
  })
  onward.on('upgrade', (answer, target, first) => {
    socket.write(headOf(answer))
    if (first.length) socket.write(first)
    if (head.length) target.write(head)
    target.on('error', () => target.destroy())
    target.once('close', () => socket.destroy())
    socket.once('close', () => target.destroy())
    target.pipe(socket)
    socket.pipe(target)
  })
  onward.end()
}

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`]
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return `${lines.join('\r\n')}\r\n\r\n`
}
