/** How a service of the cloud is declared: what is always known of it, and what is loaded when it is first called. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cloud } from './cloud.ts'
import type { ContextFactory } from './context.ts'
import type { HandOver } from './hand-over.ts'
import type { Operation } from './operation.ts'
import type { AnyKind } from './resource-kind.ts'
import type { ResourceType } from './resource-type.ts'
import type { ServiceFacts } from './service-facts.ts'

/** The `index.ts` of a service. */
export interface Service extends ServiceFacts {
  load(): Promise<Implementation>
}

/** The `service.ts` of a service. */
export interface Implementation {
  readonly operations: readonly Operation[]
  /** Those of `kernel/private-operations.ts`: other services call them, and nobody outside can. */
  readonly privateOperations?: readonly Operation[]
  /** The kinds of resources that it keeps; a Deny on a tag denies whatever is asked through them. None is said too. */
  readonly kinds: readonly AnyKind[]
  /** What it owes other services, delivered at the start where the end of the cloud came before. */
  readonly handOvers?: readonly HandOver<never>[]
  readonly resourceTypes?: readonly ResourceType[]
  /**
   * Called once in each cloud that loads the service, before anything else of it is: subscribes to events, resumes work
   * that a crash interrupted. What calls for that must be in `resumes` or `sweeps`. `context` makes a context in any
   * account and region under an identity of the service's choice.
   */
  start?(cloud: Cloud, context: ContextFactory): void
  /**
   * Answers plain HTTP requests below `/_<id>/` (git repositories) and below `paths`; the service authenticates them
   * itself.
   */
  http?(
    request: IncomingMessage,
    response: ServerResponse,
    cloud: Cloud,
    context: ContextFactory,
  ): Promise<void>
}

export const service = (definition: Service): Service => definition

export const implementation = (definition: Implementation): Implementation => definition
