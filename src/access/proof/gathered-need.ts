/** A need as the proof puts it to the policies. */
import type { Need } from '../../model/index.ts'
import type { Failure } from './proof.ts'

/** A need, and the reason it cannot be met whatever policies say. */
export interface GatheredNeed {
  readonly need: Need
  readonly impossible?: Failure
}
