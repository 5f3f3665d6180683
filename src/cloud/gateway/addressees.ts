/** Whom a request is for: the service that its host names, its signature's scope, or its form. */
import type { ServiceId } from '../kernel/api.ts'
import type { PlainPath, ServiceFacts } from '../kernel/service-facts.ts'
import {
  isModelled,
  loadModel,
  type ServiceModel,
  spoken,
  unmodelled,
  type WireRequest,
} from '../protocols/index.ts'
import { endpointLabel, hostName } from './endpoint-label.ts'
import type { Callee, Callees, SignedRequest } from './signature/index.ts'

/** What a host says: a service of the cloud, one that the cloud does not have, or nothing. */
export interface Addressed {
  readonly service?: ServiceFacts
  readonly unknown?: string
  /** All of it is the service's plain HTTP. */
  readonly plain?: true
}

interface PlainDoor {
  readonly service: ServiceFacts
  readonly path: PlainPath
}

/** A request as far as its address goes. */
type PlainRequest = Pick<WireRequest, 'host'> & Partial<Pick<WireRequest, 'headers'>>

/** Hosts are the clients' to choose; a handful is all that a client has. */
const KEPT_HOSTS = 200

export class Addressees implements Callees {
  readonly older: readonly Callee[]
  private readonly services: ReadonlyMap<ServiceId, ServiceFacts>
  private readonly signedAs: ReadonlyMap<string | undefined, string>
  private readonly hosts = new Map<string, Addressed>()
  private readonly callees = new Map<string, Callee>()

  constructor(services: readonly ServiceFacts[]) {
    this.services = new Map(services.map((one) => [one.id, one]))
    this.signedAs = new Map(services.flatMap(({ id, signedAs }) => (signedAs ? [[signedAs, id]] : [])))
    this.older = services.filter(({ wire }) => wire?.signing?.older).map(({ id }) => this.of(id))
  }

  /** The hosts that services answer themselves, as one expression: whole names in lower case. */
  get plainHosts(): string {
    return [...this.services.values()].flatMap(({ plainHost }) => plainHost?.source ?? []).join('|')
  }

  /** Gives the model of a service, with what it does its own way. Errors: a plain Error when there is none. */
  model(service: string): ServiceModel {
    return loadModel(service, this.services.get(service as ServiceId)?.wire)
  }

  /** Gives whom a signature is for, by the service of its scope. */
  of(service: string): Callee {
    const known = this.callees.get(service)
    if (known) return known
    // Scopes are the clients' to choose: what is none is not kept.
    const id = this.idOf(service)
    if (!isModelled(id)) return { service, rules: {}, protocol: () => undefined }
    const rules = this.services.get(id as ServiceId)?.wire?.signing ?? {}
    const callee = { service: id, rules, protocol: () => this.model(id).protocol }
    this.callees.set(service, callee)
    return callee
  }

  /** Gives a service's id by what signatures call it; anything else stays as it is. */
  private idOf<T extends string | undefined>(signedAs: T): T {
    return (this.signedAs.get(signedAs) as T | undefined) ?? signedAs
  }

  /** Gives whom a request is for whose signature has no scope that could be read. */
  unscoped(request: SignedRequest): Callee {
    return this.of(this.withoutScope({ ...request, host: request.headers.host ?? '' }))
  }

  /** What the host alone says. */
  byHost(host: string): Addressed {
    const known = this.hosts.get(host)
    if (known) return known
    const found = this.readHost(hostName(host))
    if (this.hosts.size >= KEPT_HOSTS) this.hosts.clear()
    this.hosts.set(host, found)
    return found
  }

  private readHost(name: string | undefined): Addressed {
    if (name === undefined) return {}
    const all = [...this.services.values()]
    const plain = all.find(({ plainHost }) => plainHost?.test(name))
    if (plain) return { service: plain, plain: true }
    const label = endpointLabel(name)
    if (label === undefined) return { service: all.find(({ wire }) => wire?.ownsHost?.(name)) }
    const service = all.find(({ id, endpoint }) => (endpoint ? endpoint.test(label) : id === label))
    return service ? { service } : { unknown: label }
  }

  /**
   * The model whose error shape a client expects, before it is known what the request means: that of the signature's
   * scope, or of the host, or of the form. Clients of services that the cloud does not have are answered in their protocol.
   */
  modelForErrors(wire: WireRequest): ServiceModel {
    const service = this.idOf(scopeIn(wire)) ?? this.byHost(wire.host).unknown
    return service !== undefined && !isModelled(service)
      ? unmodelled(service, wire)
      : spoken(this.model(service ?? this.withoutScope(wire)), wire)
  }

  private withoutScope(wire: Pick<WireRequest, 'host' | 'headers' | 'query'>): string {
    const { service, unknown } = this.byHost(wire.host)
    if (service) return service.id
    if (unknown !== undefined && isModelled(unknown)) return unknown
    const form = formOf(wire)
    for (const { id, nameless } of this.services.values()) if (nameless === form) return id
    throw new Error(`no service answers requests that name none and come as ${form}`)
  }

  /**
   * Who answers an address as plain HTTP. What a host says goes before the path: under the name of a bucket `/v2/x` is an
   * object. So does a signature, which is for one service: `/v2/apis` of another is no image.
   */
  plain({ host, headers = {} }: PlainRequest, target: string): PlainDoor | undefined {
    const { service, plain } = this.byHost(host)
    if (service && plain) return { service, path: { prefix: '/' } }
    if (!target.startsWith('/_') && !target.startsWith('/v')) return undefined
    const found = this.plainAt(host, target)
    const scope = found && this.idOf(scopeIn({ headers, query: target.slice(target.indexOf('?') + 1) }))
    return scope === undefined || scope === found?.service.id ? found : undefined
  }

  private plainAt(host: string, target: string): PlainDoor | undefined {
    const { service, unknown } = this.byHost(host)
    if (service) return doorIn(service, service.paths, target)
    if (unknown !== undefined) return undefined
    for (const one of this.services.values()) {
      const found = doorIn(one, one.paths, target) ?? doorIn(one, [{ prefix: `/_${one.id}/` }], target)
      if (found) return found
    }
    return undefined
  }

  /** Whether reading this address may change something. */
  changesOnRead(host: string, path: string): boolean {
    return this.plain({ host }, `${path}/`)?.path.changesOnRead ?? false
  }

  /** Whether the cloud's own addresses, `/_crossdock/…`, are there: under names that are no service's. */
  isOwn(host: string): boolean {
    const { service, unknown } = this.byHost(host)
    return !service && unknown === undefined
  }
}

const doorIn = (
  service: ServiceFacts,
  paths: readonly PlainPath[] = [],
  target: string,
): PlainDoor | undefined => {
  const path = paths.find(({ prefix }) => target.startsWith(prefix))
  return path && { service, path }
}

/** The service of the scope that a signature states, be it well-formed or not. */
function scopeIn({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): string | undefined {
  const credential = /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1]
  const scope = credential ?? new URLSearchParams(query).get('X-Amz-Credential') ?? ''
  return scope.split('/')[3]
}

/** How a request comes that names no service. */
function formOf({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): ServiceFacts['nameless'] {
  if (headers['x-amz-target'] !== undefined) return 'target'
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false
  return isForm || /(^|&)Action=/.test(query) ? 'action' : 'path'
}
