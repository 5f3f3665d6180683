/** Loads the services of one cloud: at its start those that have something to go on with, the others when first called. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceId } from '../kernel/api.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { ContextFactory } from '../kernel/context.ts'
import { owing, settleOwed } from '../kernel/hand-over.ts'
import type { Operation } from '../kernel/operation.ts'
import type { ResourceType } from '../kernel/resource-type.ts'
import type { Implementation, Service } from '../kernel/service.ts'
import type { Store } from '../kernel/store.ts'

export interface LoadedService {
  readonly operations: ReadonlyMap<string, Operation>
  readonly http: Implementation['http']
}

/** A service whose code is there, not yet begun. */
export interface Fetched {
  readonly id: ServiceId
  readonly implementation: Implementation
}

/** Fetches the services that have to be there before anything can happen: what a folder holds is theirs to go on with. */
export function fetchDue(services: Iterable<Service>, store: Store, folder: string): Promise<Fetched[]> {
  const debtors = owing(store)
  const due = [...services].filter(
    ({ id, resumes = [], sweeps }) =>
      debtors.has(id) ||
      resumes.some((kind) => store.everywhere(kind).length > 0) ||
      (sweeps !== undefined && existsSync(join(folder, sweeps))),
  )
  return Promise.all(due.map(fetched))
}

const fetched = async (service: Service): Promise<Fetched> => ({
  id: service.id,
  implementation: await service.load(),
})

export class ServiceLoader {
  readonly resourceTypes = new Map<string, ResourceType>()
  private readonly cloud: Cloud
  private readonly services: ReadonlyMap<ServiceId, Service>
  private readonly contextOf: (service: ServiceId) => ContextFactory
  private readonly loaded = new Map<ServiceId, LoadedService>()
  private readonly loading = new Map<ServiceId, Promise<LoadedService>>()
  private readonly makers: ReadonlyMap<string, ServiceId>

  constructor(
    cloud: Cloud,
    services: ReadonlyMap<ServiceId, Service>,
    contextOf: (service: ServiceId) => ContextFactory,
  ) {
    this.cloud = cloud
    this.services = services
    this.contextOf = contextOf
    this.makers = new Map([...services.values()].flatMap(({ id, stacks }) => stacks.map((one) => [one, id])))
  }

  /** Gives a service: at once where it is loaded. */
  of(id: ServiceId): LoadedService | Promise<LoadedService> {
    return this.loaded.get(id) ?? this.loading.get(id) ?? this.load(id)
  }

  private load(id: ServiceId): Promise<LoadedService> {
    const loading = fetched(this.services.get(id)!)
      .then((one) => {
        this.begin([one])
        return this.loaded.get(id)!
      })
      .finally(() => this.loading.delete(id))
    this.loading.set(id, loading)
    // A cloud that stops waits for it: nothing may begin in a folder that is gone. Whoever asked hears of a failure.
    this.cloud.spawn(`loading of ${id}`, () =>
      loading.then(
        () => undefined,
        () => undefined,
      ),
    )
    return loading
  }

  /** Makes services callable and starts them; what they owe comes when all of them can take it. */
  begin(services: readonly Fetched[]): void {
    for (const { id, implementation } of services) {
      const { operations, privateOperations = [], resourceTypes = [], http } = implementation
      const all = [...operations, ...privateOperations]
      this.loaded.set(id, { operations: new Map(all.map((one) => [one.name, one])), http })
      for (const one of resourceTypes) this.resourceTypes.set(one.type, one)
    }
    for (const { id, implementation } of services) implementation.start?.(this.cloud, this.contextOf(id))
    for (const { id, implementation } of services)
      settleOwed(this.cloud, implementation.handOvers, this.contextOf(id))
  }

  async loadTypes(types: readonly string[]): Promise<void> {
    const ids = new Set(types.map((type) => this.makerOf(type)))
    await Promise.all([...ids].map((id) => id && this.of(id)))
  }

  resourceType(type: string): ResourceType | undefined {
    const id = this.makerOf(type)
    if (id !== undefined && !this.loaded.has(id))
      throw new Error(`${type} is looked up before ${id} is loaded`)
    return this.resourceTypes.get(type)
  }

  private makerOf(type: string): ServiceId | undefined {
    const [vendor, namespace = ''] = type.split('::')
    return vendor === 'AWS' ? this.makers.get(namespace) : undefined
  }
}
