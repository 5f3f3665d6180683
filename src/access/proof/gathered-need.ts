/** A need as the proof puts it to the policies. */
import type { Need } from '../../model/index.ts'
import type { Failure } from './proof.ts'

/** What must hold for a need to be all there is, and nobody could look at. */
export interface Assumption {
  /** In words. */
  readonly what: string
  /** Whether the need's resource hangs on it, so that a denial is not certain either. */
  readonly guessed?: true
}

/** A need, and the reason it cannot be met whatever policies say. */
export interface GatheredNeed {
  readonly need: Need
  readonly impossible?: Failure
  readonly assumption?: Assumption
}
