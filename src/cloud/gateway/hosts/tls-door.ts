/** TLS under AWS's host names: a certificate for each, from an authority that lives in memory. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { CertificateAuthority } from '../../machine/certificate-authority.ts'
import { AWS_SUFFIXES } from '../endpoint-label.ts'
import { isCaught } from './caught-hosts.ts'

/** Hosts are the clients' to choose; a handful is all that a client has. */
const KEPT_CONTEXTS = 200

/** Takes a connection whose TLS is done. */
type TakeConnection = (socket: TLSSocket) => void

export class TlsDoor {
  readonly authority = new CertificateAuthority('Crossdock embedded AWS', AWS_SUFFIXES)
  private readonly take: TakeConnection
  private readonly contexts = new Map<string, SecureContext>()
  /** Connections that the HTTP server does not know of, or not yet. */
  private readonly open = new Set<Duplex>()
  private server: Server | undefined

  constructor(take: TakeConnection) {
    this.take = take
  }

  /**
   * Speaks TLS on a connection as the host that the client names, or else as `host`. A client that names none of AWS's
   * hosts is not answered.
   */
  secure(raw: Duplex, host: string): void {
    const socket = new TLSSocket(raw as Socket, {
      isServer: true,
      secureContext: this.contextOf(host),
      SNICallback: (name, done) =>
        isCaught(name)
          ? done(null, this.contextOf(name))
          : done(new Error(`${name} is no host of the cloud`)),
      ALPNProtocols: ['http/1.1'],
    })
    this.keep(socket)
    this.take(socket)
  }

  /** Gives a port on 127.0.0.1 where all is TLS. */
  async listen(): Promise<number> {
    this.server = createServer((raw) => this.secure(this.keep(raw), AWS_SUFFIXES[0]!))
    await new Promise<void>((resolve, reject) => {
      this.server!.once('error', reject)
      this.server!.listen(0, '127.0.0.1', resolve)
    })
    // The cloud is there as long as its own port is.
    this.server.unref()
    return (this.server.address() as { port: number }).port
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) =>
      this.server ? this.server.close(() => resolve()) : resolve(),
    )
    for (const one of this.open) one.destroy()
    await closed
  }

  private keep<S extends Duplex>(socket: S): S {
    this.open.add(socket)
    // What goes wrong with one connection is the client's to know.
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.open.delete(socket))
    return socket
  }

  private contextOf(host: string): SecureContext {
    const name = host.toLowerCase().replace(/\.$/, '')
    const known = this.contexts.get(name)
    if (known) return known
    const { hostKey, certificate } = this.authority
    const cert = `${this.authority.certify(name)}${certificate}`
    const context = createSecureContext({ key: hostKey, cert })
    if (this.contexts.size >= KEPT_CONTEXTS) this.contexts.clear()
    this.contexts.set(name, context)
    return context
  }
}
