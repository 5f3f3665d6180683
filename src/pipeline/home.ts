/** Where a pipeline is to be, as far as its declaration depends on it. */
import type { Target } from '../model/index.ts'
import type { FindRegistered } from './registered-type.ts'

export interface Home extends Target {
  /** The action types that are registered there; absent where nobody knows of any. */
  readonly registered?: {
    readonly find: FindRegistered
    /** Whether there can be no others. */
    readonly all: boolean
  }
}
