/** Policies compiled once, evaluated many times. */
import type { PolicyDocument } from '../model/index.ts'

/** A policy turned into closures; opaque to everyone outside `iam/`. */
export interface CompiledPolicy {
  readonly label: string
  readonly document: PolicyDocument
}
