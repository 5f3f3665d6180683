/** What the stages of a pipeline are declared with. */
import type { Fleet, FleetDeploy, FleetPipeline, TextScope } from '../fleet/index.ts'
import type { Names } from './names.ts'
import type { Outputs } from './outputs.ts'

/** Capabilities that a deploy must acknowledge, comma separated. */
export type CapabilitiesOf = (deploy: FleetDeploy, scope: TextScope) => string

export interface Declaring {
  readonly fleet: Fleet
  readonly pipeline: FleetPipeline
  readonly names: Names
  readonly outputs: Outputs
  readonly capabilitiesOf: CapabilitiesOf
}
