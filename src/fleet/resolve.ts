/** Makes the Fleet of what a file says: names are looked up, defaults that depend on other fields filled in. */
import { dirname, resolve } from 'node:path'
import { FleetError, type Hub } from '../model/index.ts'
import { resolveDevelopers } from './developers.ts'
import type { FleetDocument } from './document.ts'
import { resolveEnvironments } from './environments.ts'
import { resolveExisting } from './existing-schema.ts'
import type { FleetFileRead } from './file-read.ts'
import type { Fleet, FleetPipeline } from './fleet.ts'
import { FleetErrors } from './fleet-errors.ts'
import { IAM_DEFAULTS } from './iam-schema.ts'
import { resolveImages } from './image-schema.ts'
import type { FleetLock } from './lock.ts'
import { resolveNotices } from './notify-schema.ts'
import { resolveOrganization } from './organization.ts'
import { outputErrors } from './outputs.ts'
import { resolveParameters } from './parameter-schema.ts'
import { Places } from './places.ts'
import { resolveRepositories } from './repository-schema.ts'
import { ArtifactResolver } from './resolve-artifacts.ts'
import { resolvePullRequests } from './resolve-pull-requests.ts'
import { StageResolver } from './resolve-stage.ts'
import { resolveSupply } from './resolve-supply.ts'
import { resolveRoles } from './roles-schema.ts'
import type { FleetFileOutput } from './schema.ts'
import { resolveSelfUpdate, selfUpdateErrors, UPDATE_STAGE } from './self-update.ts'
import { startErrors } from './start-order.ts'
import { watchErrors } from './watch.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]

/** Throws: FleetErrors with everything in the file that does not fit together. */
export function resolveFleet(read: FleetFileRead, lock: FleetLock): Fleet {
  const { data: file, document, made } = read
  const errors: FleetError[] = [...read.errors]
  const { keepArtifacts, keys, buckets, connections = {}, ...hub } = file.hub
  const environments = resolveEnvironments(file.environments, lock, document, errors)
  const places = new Places(file, environments, document, errors)
  const stageResolver = new StageResolver(file, places, document, errors)
  const pipelines = Object.entries(file.pipelines).map(([id, pipeline]) =>
    resolvePipeline(id, pipeline, made.get(id)?.key, {
      ...{ hub: file.hub, images: Object.keys(file.images), stageResolver, places, document, errors },
    }),
  )
  errors.push(...startErrors(pipelines, document), ...selfUpdateErrors(pipelines, document))
  if (!pipelines.length)
    errors.push(
      new FleetError('pipelines is empty', {
        location: document.locate(['pipelines']),
        fix: 'add a pipeline: its name, and below it `source`, `deploy` and `stages`',
      }),
    )
  if ('hub' in file.environments)
    errors.push(
      new FleetError('no environment can be named `hub`', {
        location: document.locateKey(['environments', 'hub']),
        fix: 'rename it; the account of the pipelines is the hub already',
      }),
    )
  const accounts = new Map([
    ['hub', [file.hub.account]],
    ...environments.map((one) => [one.name, one.accounts.map(({ account }) => account)] as const),
  ])
  const organization = file.organization && resolveOrganization(file.organization, document, accounts, errors)
  const parameters = resolveParameters(
    file.parameters,
    { fleet: file.fleet, hub, environments },
    document,
    errors,
  )
  const around = { hub, environments, pipelines, document, errors }
  const developers = resolveDevelopers(file.developers, around)
  if (errors.length) throw new FleetErrors(errors)
  return {
    name: file.fleet,
    file: document.file,
    directory: dirname(resolve(document.file)),
    hub,
    connections,
    ...(keepArtifacts !== undefined && { keepArtifacts }),
    keys: resolveExisting(keys, ['hub', 'keys'], document),
    buckets: resolveExisting(buckets, ['hub', 'buckets'], document),
    repositories: resolveRepositories(file.repositories, document),
    images: resolveImages(file.images, document),
    parameters,
    environments,
    developers,
    ...(organization && { organization }),
    pipelines,
    iam: file.iam ?? IAM_DEFAULTS,
    tags: file.tags,
  }
}

interface Resolving {
  readonly hub: Hub
  /** Names of the fleet's images. */
  readonly images: readonly string[]
  readonly stageResolver: StageResolver
  readonly places: Places
  readonly document: FleetDocument
  readonly errors: FleetError[]
}

function resolvePipeline(
  id: string,
  file: PipelineFile,
  key: string | undefined,
  { hub, images, stageResolver, places, document, errors }: Resolving,
): FleetPipeline {
  const path = ['pipelines', id]
  const supply = resolveSupply(id, file, { places, region: hub.region, images, document, errors })
  const artifacts = new ArtifactResolver(supply, document, errors)
  const selfUpdate = resolveSelfUpdate(file.selfUpdate, id, {
    ...{ sources: supply.sources, executionMode: file.executionMode, document, errors },
  })
  const names = new Set<string>([
    ...['Source', ...(selfUpdate ? [UPDATE_STAGE] : [])],
    ...(supply.builds.length ? ['Build'] : []),
  ])
  const stages = file.stages.flatMap((entry, index) => {
    const at = [...path, 'stages', index]
    const made = stageResolver.stages(entry, { pipeline: file, pipelinePath: path, path: at, artifacts })
    for (const { name } of made) {
      if (names.has(name))
        errors.push(
          new FleetError(`the pipeline has two stages named \`${name}\``, {
            location: document.locate(at),
            fix: 'give one of them a `name`',
          }),
        )
      names.add(name)
    }
    return made
  })
  errors.push(...outputErrors(stages), ...stages.flatMap(watchErrors))
  return {
    id,
    ...(key !== undefined && { key }),
    location: document.locateKey(path),
    name: file.name ?? (key === undefined ? '${fleet}-${pipeline}' : '${fleet}-${pipeline}-${branchSlug}'),
    ...supply,
    pullRequests: resolvePullRequests(file.pullRequests, [...path, 'pullRequests'], {
      ...{ build: file.build, supply, document, errors },
    }),
    stages,
    executionMode: file.executionMode,
    ...(selfUpdate && { selfUpdate }),
    notices: resolveNotices(file.notify, [...path, 'notify'], hub, document, errors),
    roles: file.roles
      ? resolveRoles(
          file.roles,
          [...path, 'roles'],
          { hub: hub.account, places: stages.flatMap(({ places }) => places) },
          document,
          errors,
        )
      : {},
    variables: Object.entries(file.variables).map(([name, given]) =>
      typeof given === 'string'
        ? { name, defaultValue: given }
        : {
            name,
            defaultValue: given.default,
            ...(given.description && { description: given.description }),
          },
    ),
  }
}
