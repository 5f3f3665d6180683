/** An action with all that is known around it. */
import type { ActionDeclaration } from '../../model/index.ts'
import type { Surroundings } from '../../pipeline/index.ts'
import type { KnownPipeline, Landscape } from '../landscape/landscape.ts'
import type { ProvenStack } from './proof.ts'

export interface ActionInLandscape {
  readonly pipeline: KnownPipeline
  readonly action: ActionDeclaration
  readonly surroundings: Surroundings
  readonly landscape: Landscape
  /** Whether the templates hold everything. */
  readonly complete?: boolean
  /** The stacks whose templates are known. */
  readonly stacks?: readonly ProvenStack[]
}
