/** The embedded AWS as its services see it: state, time, and each other only by name. */
import type { IncomingMessage } from 'node:http'
import type { Decision } from '../../iam/index.ts'
import type { AwsError } from '../../model/index.ts'
import type { Containers } from '../machine/containers/containers.ts'
import type { Processes } from '../machine/processes.ts'
import type { ServiceId } from './api.ts'
import type { Clock, Ids } from './clock.ts'
import type { CredentialSealer } from './credentials.ts'
import type { EventBus } from './event-bus.ts'
import type { Failures } from './failures.ts'
import type { HostNames } from './host-names.ts'
import type { Directory } from './identity.ts'
import type { InProcessHandler } from './in-process-handler.ts'
import type { Organization } from './organization.ts'
import type { ReadPlain } from './plain-request.ts'
import type { RefusedRequest, RefusedRequests } from './refused-requests.ts'
import type { ResourceType } from './resource-type.ts'
import type { ServiceFacts } from './service-facts.ts'
import type { Store } from './store.ts'
import type { Trail } from './trail.ts'

/** What a module keeps once for each cloud (a pool of processes, running work by id); declared once, at its top. */
export interface Part<T> {
  /** For a bug's report. */
  readonly name: string
  readonly make: (cloud: Cloud) => T
  /** Called when the cloud stops, after its background work has ended. */
  readonly end?: (part: T) => void | Promise<void>
}

export const part = <T>(definition: Part<T>): Part<T> => definition

/** What every service shares. */
export interface Cloud {
  /** `http://127.0.0.1:PORT`, what AWS_ENDPOINT_URL is set to. */
  readonly endpoint: string
  /** For the `requestHandler` of an SDK client in this process: its calls reach the cloud without a socket. */
  readonly requestHandler: InProcessHandler
  /** How its builds and functions reach it under AWS's own host names. */
  readonly hostNames: HostNames
  /** For a service's plain HTTP. */
  readonly readPlain: ReadPlain
  readonly folder: string
  readonly accounts?: readonly string[]
  /** Absent where the accounts belong to none. */
  readonly organization?: Organization
  readonly secret: string
  readonly clock: Clock
  readonly ids: Ids
  readonly store: Store
  readonly trail: Trail
  /** Requests that were not let in at all. */
  readonly refusals: RefusedRequests
  /**
   * Refuses, at a port that a service opened for an application of the user's, what a web page of another origin could
   * have sent there; undefined for what is let in.
   */
  refusedAtApplication(request: IncomingMessage): RefusedRequest | undefined
  /** What functions and custom resources failed of, which else only their logs tell. */
  readonly failures: Failures
  readonly bus: EventBus
  readonly sealer: CredentialSealer
  readonly processes: Processes
  /** What runs containers, where anything does. */
  readonly containers: Containers
  readonly directory: Directory
  readonly services: ReadonlyMap<ServiceId, ServiceFacts>
  /** Loads the services that make resources of these CloudFormation types. */
  loadTypes(types: readonly string[]): Promise<void>
  /** Absent for types that no service makes. Errors: a plain Error where its service is not loaded (see `loadTypes`). */
  resourceType(type: string): ResourceType | undefined
  /** Aborted when the cloud stops; long work in the background ends soon after. */
  readonly signal: AbortSignal
  /** Runs work in the background; its failure is a bug and is reported. */
  spawn(name: string, task: () => Promise<void>): void
  /** The error a service answers for a denial. */
  denied(service: ServiceId, decision: Decision): AwsError
  bug(where: string, error: unknown): void
  /** Resolves once no background work is left (work that waits for a person or an event does not count as work). */
  settled(): Promise<void>
  /** The one `T` of this cloud that a module keeps for itself, made when first asked for. */
  part<T>(part: Part<T>): T
  stop(): Promise<void>
}
