/** The service that a signed request calls, as far as its signature goes. */
import type { SignedRequest, SigningRules } from '../../kernel/signing-rules.ts'

export interface Callee {
  readonly service: string
  readonly rules: SigningRules
  /** Undefined for a service that nobody knows. */
  readonly protocol: () => string | undefined
}

/** Who is called: asked for each request. */
export interface Callees {
  /** By the service of the signature's scope. */
  of(service: string): Callee
  /** Where no scope can be read. */
  unscoped(request: SignedRequest): Callee
  /** Those that take signatures older than Version 4, which have no scope. */
  readonly older: readonly Callee[]
}
