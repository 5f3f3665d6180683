/** The embedded AWS: `startCloud()` gives a running cloud; SDK clients reach it by its endpoint. */

export { type Clock, type Ids, randomIds, systemClock } from './clock.ts'
export { type Cloud, type CloudOptions, startCloud } from './cloud.ts'
export { FolderInUse } from './folder-lock.ts'
export type { TrailEntry } from './trail.ts'
