/** The loopback ports of listeners: opened with them, closed with them and with the cloud. */
import { createServer as createPlain, type Server as HttpServer } from 'node:http'
import { createServer as createSecure } from 'node:https'
import { type AddressInfo, createServer as createRaw, type Server, type Socket } from 'node:net'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { asService } from '../engine/identity.ts'
import { type Listener, listeners } from '../state.ts'
import { serveConnection } from './serve-connection.ts'
import { serveRequest } from './serve-request.ts'
import { serveUpgrade } from './serve-upgrade.ts'
import { tlsOptions } from './tls.ts'

interface Door {
  readonly port: number
  close(): Promise<void>
}

const doors = part({
  name: 'doors of load balancers',
  make: () => new Map<string, Door>(),
  end: async (all: Map<string, Door>) => {
    await Promise.all([...all.values()].map((door) => door.close()))
  },
})

/**
 * Listens for a listener, on the port that it had where this is free, else on one that the system chooses; a door that it
 * had is closed. Gives the port. Nothing else than what is registered in the private network is reached through it.
 */
export async function openDoor(ctx: Context, { arn, protocol, loopbackPort }: Listener): Promise<number> {
  const { cloud } = ctx
  await closeDoor(cloud, arn)
  const server = serverFor(asService(ctx), arn, protocol)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server, loopbackPort ?? 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    return listen(server, 0)
  })
  // The cloud is there as long as its own port is.
  server.unref()
  cloud.part(doors).set(arn, {
    port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  })
  return port
}

async function closeDoor(cloud: Cloud, arn: string): Promise<void> {
  const door = cloud.part(doors).get(arn)
  cloud.part(doors).delete(arn)
  await door?.close()
}

/** Closes in the background what a listener leaves behind. */
export function dropDoor(ctx: Context, arn: string): void {
  ctx.cloud.spawn('close a load balancer', () => closeDoor(ctx.cloud, arn))
}

function serverFor(ctx: Context, arn: string, protocol: string): Server {
  if (protocol === 'TCP') return createRaw((socket) => serveConnection(ctx, arn, socket))
  const server: HttpServer = protocol === 'HTTPS' ? createSecure(tlsOptions(ctx.cloud)) : createPlain()
  server.on('request', (request, response) => {
    serveRequest(ctx, arn, request, response).catch((error) => {
      response.destroy()
      ctx.cloud.bug(`a request at ${arn}`, error)
    })
  })
  server.on('upgrade', (request, socket, head) => serveUpgrade(ctx, arn, { request, socket, head }))
  server.requestTimeout = 0
  return server
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Listens again for the listeners that were there before. */
export async function reopenDoors(ctx: Context): Promise<void> {
  for (const listener of ctx.table(listeners).values()) {
    const loopbackPort = await openDoor(ctx, listener)
    const now = ctx.table(listeners).get(listener.arn)
    if (!now) await closeDoor(ctx.cloud, listener.arn)
    else if (loopbackPort !== now.loopbackPort) ctx.table(listeners).put(now.arn, { ...now, loopbackPort })
  }
}

/** Where a listener is reached on this machine. */
export const loopbackAddress = ({ protocol, loopbackPort }: Listener): string =>
  `${protocol === 'TCP' ? 'tcp' : protocol.toLowerCase()}://127.0.0.1:${loopbackPort}`
