/** The embedded AWS: `startCloud()` gives a running cloud; SDK clients reach it by its endpoint. */
export { type Cloud, type CloudOptions, startCloud } from './cloud.ts'
export { systemClock, randomIds, type Clock, type Ids } from './clock.ts'
export type { TrailEntry } from './trail.ts'
