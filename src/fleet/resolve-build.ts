/** Makes the build of a pipeline, or the test of a stage, of what the file says. */
import { type BuildFile, CACHES, COMPUTE_TYPES, type TestFile } from './build-schema.ts'
import type { FleetBuild } from './fleet.ts'

type Common = Omit<TestFile, 'from' | 'runsIn' | 'artifacts'> & Pick<BuildFile, 'artifacts'>

/** Gives it with every default filled in. */
export function resolveBuild(
  { compute, buildspec, commands, cache, ...rest }: Common,
  inputs: readonly string[],
): FleetBuild {
  return {
    ...rest,
    inputs,
    ...(commands ? { commands } : { buildspec: buildspec ?? 'buildspec.yml' }),
    compute: COMPUTE_TYPES[compute],
    ...(cache && { cache: CACHES[cache] }),
  }
}
