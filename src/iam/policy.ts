/** Policies compiled once, evaluated many times. */
import type { PolicyDocument, PolicyRef } from '../model/index.ts'

/** A policy turned into closures; opaque to everyone outside `iam/`. */
export interface CompiledPolicy {
  /** Which policy it is. */
  readonly ref: PolicyRef
  readonly document: PolicyDocument
}
