/** What a version runs: its code and configuration without what changes beside them. */
import { createHash } from 'node:crypto'
import type { FunctionVersion } from '../state.ts'

/** Members of a version that say when, by which number and in which state it is. */
const BESIDE: readonly (keyof FunctionVersion)[] = [
  'version',
  'lastModified',
  'revisionId',
  'generation',
  'state',
  'stateReason',
  'stateReasonCode',
  'lastUpdateStatus',
  'lastUpdateStatusReason',
  'updateRuntimeOn',
  'runtimeVersion',
]

/**
 * Gives what tells the content of a version from any other's: the same for the same code and configuration, however often
 * they were changed in between. AWS: "Lambda doesn't publish a version if the function's configuration and code haven't
 * changed since the last version" (PublishVersion).
 */
function contentDigest(version: Omit<FunctionVersion, 'generation'>): string {
  const content = Object.entries(version)
    .filter(([name, value]) => value !== undefined && !BESIDE.includes(name as keyof FunctionVersion))
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(content)).digest('hex')
}

/** Gives a version with the generation that its content makes. */
export const withContent = (version: Omit<FunctionVersion, 'generation'>): FunctionVersion => ({
  ...version,
  generation: contentDigest(version),
})
