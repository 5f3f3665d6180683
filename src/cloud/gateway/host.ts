/** The cloud as the gateway sees it: with the services that it hosts. */
import type { ServiceId } from '../kernel/api.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { ResourceType } from '../kernel/resource-type.ts'
import type { Addressees } from './addressees.ts'
import type { LoadedService } from './service-loader.ts'

export interface Host extends Cloud {
  readonly addressees: Addressees
  /** Web origins whose pages are let in, as browsers write them. */
  readonly allowedOrigins: ReadonlySet<string>
  /** Gives a service that the cloud has: at once where it is loaded. */
  serviceOf(id: ServiceId): LoadedService | Promise<LoadedService>
  /** Of the services that are loaded. */
  readonly resourceTypes: ReadonlyMap<string, ResourceType>
}
