/** Makes the build of a pipeline, or the test of a stage, of what the file says. */
import { COMPUTE_TYPES, type TestFile } from './build-schema.ts'
import type { FleetBuild } from './fleet.ts'

/** Gives it with every default filled in. */
export function resolveBuild(
  { compute, buildspec, commands, ...rest }: Omit<TestFile, 'from'>,
  inputs: readonly string[],
): FleetBuild {
  return {
    ...rest,
    inputs,
    ...(commands ? { commands } : { buildspec: buildspec ?? 'buildspec.yml' }),
    compute: COMPUTE_TYPES[compute],
  }
}
