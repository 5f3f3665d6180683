/** The ways in under AWS's own host names: CONNECT at the cloud's port, and a port of its own where all is TLS. */
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HostNameFiles, HostNames } from '../../kernel/host-names.ts'
import type { RefusedRequest } from '../../kernel/refused-requests.ts'
import { isCaught } from './caught-hosts.ts'
import type { TlsDoor } from './tls-door.ts'
import { endTunnel, Tunnels, tunnelEnd } from './tunnels.ts'

export class HostDoors implements HostNames {
  private readonly server: Server
  private readonly folder: string
  private readonly plainHosts: string
  private readonly tunnels = new Tunnels()
  private door: Promise<TlsDoor> | undefined
  private made: Promise<HostNameFiles> | undefined

  /**
   * The server answers what comes through TLS as well; the folder is for the files, made anew in each run. `plainHosts` are
   * those that are led here without TLS too.
   */
  constructor(server: Server, folder: string, plainHosts: string) {
    this.plainHosts = plainHosts
    this.server = server
    this.folder = folder
  }

  files(): Promise<HostNameFiles> {
    this.made ??= this.make()
    return this.made
  }

  private async make(): Promise<HostNameFiles> {
    const { leadProcesses } = await import('./lead-processes.ts')
    const { port } = this.server.address() as AddressInfo
    return leadProcesses(await this.tls(), this.folder, { port, hosts: this.plainHosts })
  }

  /** Node's TLS takes longer to load than all else of a small cloud: most that start never need it. */
  private tls(): Promise<TlsDoor> {
    this.door ??= import('./tls-door.ts').then(
      (loaded) => new loaded.TlsDoor((socket) => this.server.emit('connection', socket)),
    )
    return this.door
  }

  /**
   * Answers CONNECT. No web page can send it, and what leads elsewhere changes nothing here: the door is asked for tunnels
   * to the cloud alone, and again for each request in them.
   */
  open(
    request: IncomingMessage,
    socket: Duplex,
    head: Uint8Array,
    refusal: () => RefusedRequest | undefined,
  ): void {
    const end = tunnelEnd(request.url ?? '')
    if (!end) return endTunnel(socket, '400 Bad Request', 'CONNECT takes a host and a port.\n')
    if (!isCaught(end.host) || end.port !== 443) return void this.tunnels.lead(end, socket, head)
    const refused = refusal()
    if (refused) {
      const text = `${refused.message} To be let in: ${refused.fix}.\n`
      return endTunnel(socket, '403 Forbidden', text)
    }
    this.tunnels.enter(socket, head, async (one) => (await this.tls()).secure(one, end.host))
  }

  async close(): Promise<void> {
    this.tunnels.close()
    await (await this.door)?.close()
  }
}
