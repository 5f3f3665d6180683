/** Crossdock's door for fleet files in TypeScript. */
import type { FleetFile } from './fleet/index.ts'

export type { FleetFile } from './fleet/index.ts'

/** Types a fleet file: `export default defineFleet({ … })` in `crossdock.config.ts`. */
export const defineFleet = (fleet: FleetFile): FleetFile => fleet
