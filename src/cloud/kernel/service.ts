/** How a service of the cloud is declared. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServiceId } from './api.ts'
import type { Cloud } from './cloud.ts'
import type { ContextFactory } from './context.ts'
import type { HandOver } from './hand-over.ts'
import type { Operation } from './operation.ts'
import type { AnyKind } from './resource-kind.ts'
import type { ResourceType } from './resource-type.ts'

export interface Service {
  readonly id: ServiceId
  readonly operations: readonly Operation[]
  /** The kinds of resources that it keeps; a Deny on a tag denies whatever is asked through them. */
  readonly kinds?: readonly AnyKind[]
  /** What it owes other services, delivered at the start where the end of the cloud came before. */
  readonly handOvers?: readonly HandOver<never>[]
  readonly resourceTypes?: readonly ResourceType[]
  /** The error code of a denial; `AccessDeniedException` for JSON protocols and `AccessDenied` for XML ones when absent. */
  readonly accessDeniedCode?: string
  /**
   * Called once when the cloud starts, after its state is loaded: subscribes to events, resumes work that a crash
   * interrupted. `context` makes a context in any account and region under an identity of the service's choice.
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
  /** Where a protocol that is not AWS's own expects to be: `/v2/` for image registries. */
  readonly paths?: readonly string[]
}

export const service = (definition: Service): Service => definition
