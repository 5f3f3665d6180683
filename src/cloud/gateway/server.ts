/** The HTTP server of the cloud, on loopback only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { ServiceId } from '../kernel/api.ts'
import type { ContextFactory } from '../kernel/context.ts'
import type { HostNames } from '../kernel/host-names.ts'
import type { WireResponse } from '../protocols/index.ts'
import { answerAdministration } from './administration.ts'
import { dispatch } from './dispatch.ts'
import { type Admission, admit, answerCrossOrigin, knockOf, refuse, withoutOrigin } from './door/index.ts'
import type { Host } from './host.ts'
import { answerElsewhere, HostDoors, isForElsewhere, isPerhapsElsewhere } from './hosts/index.ts'
import { sendPieces } from './send-pieces.ts'
import { wireRequest } from './wire-request.ts'

export interface Listener {
  readonly port: number
  readonly hostNames: HostNames
  close(): Promise<void>
}

type ContextsOf = (service: ServiceId) => ContextFactory

/** Listens on 127.0.0.1. Errors: EADDRINUSE when the port is taken. */
export async function listen(cloud: Host, contextOf: ContextsOf, port: number): Promise<Listener> {
  // A request without a host is refused by the door, and told like every other.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    answer(cloud, contextOf, request, response).catch((error) => {
      if (!request.destroyed && !response.headersSent) response.writeHead(500).end()
      else response.destroy()
      if (!isDisconnect(error)) cloud.bug(`${request.method} ${request.url}`, error)
    })
  })
  const doors = new HostDoors(server, join(cloud.folder, 'hosts'), cloud.addressees.plainHosts)
  // An upgrade that nobody listens for is a request like others: WebSockets come to `answer` too.
  server.on('connect', (request, socket, head) =>
    doors.open(request, socket, head, () => letIn(cloud, request).refused),
  )
  server.keepAliveTimeout = 60_000
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    hostNames: doors,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await doors.close()
      await closed
    },
  }
}

const isDisconnect = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED', 'ABORT_ERR'].includes(
    (error as { code?: string }).code ?? '',
  )

async function answer(
  cloud: Host,
  contextOf: ContextsOf,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (isForElsewhere(request)) return void (await answerElsewhere(request, response))
  const admission = letIn(cloud, request)
  if (admission.refused)
    return send(
      refuse(wireRequest(request), admission.refused, {
        requestId: cloud.ids.uuid(),
        addressees: cloud.addressees,
      }),
      response,
    )
  request.url = admission.target
  if (cloud.allowedOrigins.size) response.setHeader('vary', 'Origin')
  const url = admission.target
  const { host = '' } = request.headers
  const door = cloud.addressees.plain({ host, headers: request.headers as Record<string, string> }, url)
  if (admission.origin && !door?.path.tellsOrigins)
    if (answerCrossOrigin(request, response, admission.origin) === 'answered') return
  if (url.startsWith('/_crossdock/') && cloud.addressees.isOwn(host))
    return answerAdministration(cloud, request, response)
  const owner = door?.service.id
  const { http } = owner ? await cloud.serviceOf(owner) : {}
  if (owner && http) return http(request, response, cloud, contextOf(owner))
  const wire = wireRequest(request)
  const answered = withoutOrigin(request, await dispatch(cloud, wire))
  const asGet = () => dispatch(cloud, { ...wire, method: 'GET' })
  const isElsewhere = await isPerhapsElsewhere(request, answered, cloud.addressees.byHost(host), asGet)
  if (isElsewhere && (await answerElsewhere(request, response, 'or not at all'))) return
  await send(answered, response)
}

function letIn(cloud: Host, request: IncomingMessage): Admission {
  const admission = admit(knockOf(request), cloud.allowedOrigins, cloud.addressees)
  if (admission.refused) cloud.refusals.tell(admission.refused)
  return admission
}

async function send(wire: WireResponse, response: ServerResponse): Promise<void> {
  if (typeof wire.body === 'string' || wire.body instanceof Uint8Array) {
    const length = Buffer.byteLength(wire.body)
    const headers: Record<string, string> = { ...wire.headers }
    if (headers['content-length'] === undefined && wire.status !== 204)
      headers['content-length'] = String(length)
    response.writeHead(wire.status, headers)
    response.end(wire.body)
    return
  }
  response.writeHead(wire.status, wire.headers)
  await sendPieces(wire.body, response)
}
