/** A request to a service's plain HTTP, read whole. */
import type { IncomingMessage } from 'node:http'
import type { ServiceId } from './api.ts'
import type { Identity } from './identity.ts'

export interface PlainRequest {
  readonly body: Buffer
  /** Who signed it, for which service and region; absent where nobody did, or nobody asked. */
  readonly caller?: { readonly identity: Identity; readonly service: ServiceId; readonly region: string }
}

/**
 * Reads a request whole and, where that is asked for, says who signed it.
 * Errors: RequestEntityTooLarge past the limit, and those of signatures.
 */
export type ReadPlain = (
  request: IncomingMessage,
  how: { readonly limit: number; readonly signed: boolean },
) => Promise<PlainRequest>
