/** CONNECT: the cloud as the proxy of its builds. AWS's host names end here, others at their own host. */
import type { Duplex } from 'node:stream'

/** Where a tunnel is to lead. */
export interface TunnelEnd {
  readonly host: string
  readonly port: number
}

/** Reads the target of CONNECT; undefined when it is none. */
export function tunnelEnd(target: string): TunnelEnd | undefined {
  const [, bracketed, plain, digits] =
    /^(?:(\[[0-9a-f:.]+\])|([^\s:/?#@[\]]+)):(\d{1,5})$/i.exec(target) ?? []
  const [host, port] = [bracketed ?? plain, Number(digits)]
  return host !== undefined && port > 0 && port < 65536 ? { host, port } : undefined
}

/** Tunnels to elsewhere: the HTTP server forgets them, so they are ended by whoever ends it. */
export class Tunnels {
  private readonly open = new Set<Duplex>()

  /** Leads a client to another host, and says so. */
  async lead({ host, port }: TunnelEnd, client: Duplex, head: Uint8Array): Promise<void> {
    this.keep(client)
    try {
      const { connectOut } = await import('./upstream.ts')
      const server = this.keep(await connectOut(host, port, process.env))
      if (client.destroyed) return void server.destroy()
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      server.write(head)
      client.pipe(server).pipe(client)
      endTogether(client, server)
      endTogether(server, client)
    } catch (error) {
      endTunnel(client, '502 Bad Gateway', `No connection to ${host}:${port}: ${(error as Error).message}\n`)
    }
  }

  /** Leads a client to the cloud itself; `take` gets the connection. */
  enter(client: Duplex, head: Uint8Array, take: (socket: Duplex) => void): void {
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    if (head.length) client.unshift(head)
    take(this.keep(client))
  }

  close(): void {
    for (const one of this.open) one.destroy()
  }

  private keep<S extends Duplex>(socket: S): S {
    this.open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.open.delete(socket))
    return socket
  }
}

/** What has ended in order is handed on to its last byte; what broke off breaks the other off. */
function endTogether(one: Duplex, other: Duplex): void {
  one.once('close', () => {
    if (!one.readableEnded) other.destroy()
  })
}

/** Answers CONNECT with anything but a tunnel. */
export function endTunnel(socket: Duplex, status: string, text: string): void {
  const head = `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}`
  socket.on('error', () => socket.destroy())
  socket.end(`${head}\r\nconnection: close\r\n\r\n${text}`)
}
