/** The embedded AWS: `startCloud()` gives a running cloud; SDK clients reach it by its endpoint. */

export { readOrigin } from './gateway/door/index.ts'
export { type CloudOptions, startCloud } from './gateway/start-cloud.ts'
export { type Clock, type Ids, randomIds, systemClock } from './kernel/clock.ts'
export type { Cloud } from './kernel/cloud.ts'
export type { RefusedRequest } from './kernel/refused-requests.ts'
export type { TrailEntry } from './kernel/trail-entry.ts'
export { CHOICES as CONTAINER_CHOICES, type Choice as ContainerChoice } from './machine/containers/engine.ts'
export { FolderInUse } from './machine/folder-lock.ts'
