/** Makes what is built of pull requests of what the file says. */
import * as z from 'zod/mini'
import { FleetError } from '../model/index.ts'
import { type BuildFile, buildSchema } from './build-schema.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPullRequests } from './fleet.ts'
import type { PullRequestFile } from './pull-request-schema.ts'
import { resolveBuild } from './resolve-build.ts'
import type { Supply } from './resolve-supply.ts'
import { connectedRepository } from './sources/index.ts'

/**
 * Gives it: the only build of the pipeline with other keys put over it. Nothing of the pipeline's secrets and permissions
 * is in it, and no cache in a bucket, which a request could fill for the pipeline.
 */
export function resolvePullRequests(
  file: PullRequestFile | undefined,
  path: DataPath,
  {
    build,
    supply,
    document,
    errors,
  }: { build?: BuildFile; supply: Supply; document: FleetDocument; errors: FleetError[] },
): FleetPullRequests | undefined {
  if (file === undefined) return undefined
  const { branches, paths, build: over = {}, secrets = {} } = file === true ? {} : file
  const candidates = supply.sources.filter(({ configuration }) => connectedRepository(configuration))
  const source = candidates.find(({ starts }) => starts) ?? candidates[0]
  const repository = source && connectedRepository(source.configuration)
  if (!source || !repository) {
    errors.push(
      new FleetError('pull requests are told of by a repository behind a connection, and no source is one', {
        location: document.locate(path),
        fix: 'take `pullRequests` out, or name such a source',
      }),
    )
    return undefined
  }
  const own = build ?? z.parse(buildSchema, {})
  const commands = over.commands ?? (over.buildspec ? undefined : own.commands)
  const resolved = resolveBuild(
    {
      ...{ environment: own.environment, parameters: own.parameters, image: own.image, vpc: own.vpc },
      ...{
        compute: own.compute,
        timeout: own.timeout,
        cache: own.cache,
        privileged: own.privileged || own.images.length > 0,
      },
      ...over,
      ...{ secrets, permissions: over.permissions ?? [] },
      ...{ commands, buildspec: commands ? undefined : (over.buildspec ?? own.buildspec) },
    },
    [],
  )
  return {
    source: source.name,
    branches: branches ?? [repository.branch],
    paths: paths ?? repository.paths ?? [],
    build: resolved.cache === 'bucket' ? { ...resolved, cache: undefined } : resolved,
  }
}
