/** Makes the build of a pipeline, or the test of a stage, of what the file says. */
import { type BuildFile, COMPUTE_TYPES } from './build-schema.ts'
import type { FleetBuild } from './fleet.ts'

/** Gives it with every default filled in. */
export function resolveBuild(file: BuildFile): FleetBuild {
  const { compute, buildspec, commands, ...rest } = file
  return {
    ...rest,
    ...(commands ? { commands } : { buildspec: buildspec ?? 'buildspec.yml' }),
    compute: COMPUTE_TYPES[compute],
  }
}
