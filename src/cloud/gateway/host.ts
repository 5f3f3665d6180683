/** The cloud as the gateway sees it: with the services that it hosts. */
import type { ServiceId } from '../kernel/api.ts'
import type { Cloud } from '../kernel/cloud.ts'
import type { Operation } from '../kernel/operation.ts'
import type { Service } from '../kernel/service.ts'

export interface Host extends Cloud {
  readonly services: readonly Service[]
  /** Web origins whose pages are let in, as browsers write them. */
  readonly allowedOrigins: ReadonlySet<string>
  readonly operations: ReadonlyMap<ServiceId, ReadonlyMap<string, Operation>>
}
