/** Makes the Fleet of what a file says: names are looked up, defaults that depend on other fields filled in. */
import { dirname, resolve } from 'node:path'
import { type Environment, FleetError, type Hub, nearest } from '../model/index.ts'
import { type BuildFile, COMPUTE_TYPES } from './build-schema.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { Fleet, FleetApproval, FleetBuild, FleetPipeline, FleetStage } from './fleet.ts'
import { FleetErrors } from './fleet-errors.ts'
import { IAM_DEFAULTS } from './iam-schema.ts'
import { resolveOrganization } from './organization.ts'
import type { FleetFileOutput } from './schema.ts'
import { startErrors } from './start-order.ts'
import { resolveStart } from './start-schema.ts'
import { missingValues, type Values, valuesByRegion } from './values.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]
type AnyStageFile = Exclude<PipelineFile['stages'][number], string>
type ActionStageFile = Extract<AnyStageFile, { actions: unknown }>
type StageFile = Exclude<AnyStageFile, ActionStageFile>

/** Throws: FleetErrors with everything in the file that does not fit together. */
export function resolveFleet(file: FleetFileOutput, document: FleetDocument): Fleet {
  const errors: FleetError[] = []
  const { keepArtifacts, ...hub } = file.hub
  const environments = Object.entries(file.environments).map(
    ([name, { regions, values: _values, ...rest }]): Environment => ({
      name,
      ...rest,
      regions: Array.isArray(regions) ? regions : Object.keys(regions),
    }),
  )
  const resolver = new Resolver(file, environments, document, errors)
  const pipelines = Object.entries(file.pipelines).map(([id, pipeline]) => resolver.pipeline(id, pipeline))
  errors.push(...startErrors(pipelines, document))
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
    ['hub', file.hub.account],
    ...environments.map(({ name, account }) => [name, account] as const),
  ])
  const organization = file.organization && resolveOrganization(file.organization, document, accounts, errors)
  if (errors.length) throw new FleetErrors(errors)
  return {
    name: file.fleet,
    file: document.file,
    directory: dirname(resolve(document.file)),
    hub,
    ...(keepArtifacts !== undefined && { keepArtifacts }),
    environments,
    ...(organization && { organization }),
    pipelines,
    iam: file.iam ?? IAM_DEFAULTS,
    tags: file.tags,
  }
}

class Resolver {
  readonly #hub: Hub
  readonly #file: FleetFileOutput
  readonly #environments: readonly Environment[]
  readonly #document: FleetDocument
  readonly #errors: FleetError[]

  constructor(
    file: FleetFileOutput,
    environments: readonly Environment[],
    document: FleetDocument,
    errors: FleetError[],
  ) {
    this.#hub = file.hub
    this.#file = file
    this.#environments = environments
    this.#document = document
    this.#errors = errors
  }

  pipeline(id: string, file: PipelineFile): FleetPipeline {
    const path = ['pipelines', id]
    const names = new Set<string>(['Source', ...(file.build ? ['Build'] : [])])
    const stages = file.stages.flatMap((entry, index) => {
      const at = [...path, 'stages', index]
      const stage =
        typeof entry !== 'string' && 'actions' in entry
          ? this.#actionStage(entry, file, at)
          : this.#stage(
              typeof entry === 'string' ? { environment: entry, approve: false } : entry,
              file,
              path,
              at,
            )
      if (stage && names.has(stage.name))
        this.#complain(at, `the pipeline has two stages named \`${stage.name}\``, 'give one of them a `name`')
      if (stage) names.add(stage.name)
      return stage ?? []
    })
    return {
      id,
      location: this.#document.locateKey(path),
      source: file.source,
      build: file.build && resolveBuild(file.build),
      stages,
      executionMode: file.executionMode,
      start: resolveStart(file.start),
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

  #stage(
    file: StageFile,
    pipeline: PipelineFile,
    pipelinePath: DataPath,
    path: DataPath,
  ): FleetStage | undefined {
    const environment = this.#environment(file.environment, path)
    if (!environment) return undefined
    for (const [index, region] of (file.regions ?? []).entries())
      if (!environment.regions.includes(region))
        this.#complain(
          [...path, 'regions', index],
          `environment \`${environment.name}\` has no region ${region}`,
          `use one of ${environment.regions.join(', ')}, or add it to the environment`,
        )
    const approve = resolveApproval(file.approve)
    const own = file.deploy !== undefined
    const deployPath = [...(own ? path : pipelinePath), 'deploy']
    const deploys = file.deploy ?? pipeline.deploy
    const regions = file.regions ?? environment.regions
    const values = this.#values(environment, regions, pipeline, file)
    const around = { environment: environment.name, values }
    for (const [part, at] of [
      [deploys, deployPath],
      [file.test, [...path, 'test']],
      [file.approve, [...path, 'approve']],
    ] as const)
      this.#errors.push(...missingValues(part, at, around, this.#document))
    return {
      name: file.name ?? environment.name,
      environment,
      regions,
      values,
      approve,
      changeSets: file.changeSets ?? approve !== undefined,
      deploys: deploys.flatMap((entry, step) => {
        const at = [...deployPath, step]
        if (!('together' in entry)) return { configuration: entry, step, location: this.#document.locate(at) }
        return entry.together.map((configuration, index) => ({
          configuration,
          step,
          location: this.#document.locate([...at, 'together', index]),
        }))
      }),
      test: file.test && resolveBuild(file.test),
      actions: [],
    }
  }

  #actionStage(file: ActionStageFile, pipeline: PipelineFile, path: DataPath): FleetStage | undefined {
    const { name, environment: named, actions } = file
    const { account, region } = this.#hub
    const environment = named ? this.#environment(named, path) : { name: 'hub', account, regions: [region] }
    if (!environment) return undefined
    const { regions } = environment
    const used = [...new Set([...regions, ...actions.flatMap((action) => action.region ?? [])])]
    const values = this.#values(environment, used, pipeline, file)
    this.#errors.push(
      ...missingValues(
        actions,
        [...path, 'actions'],
        { environment: environment.name, values },
        this.#document,
      ),
    )
    return { name, environment, regions, values, changeSets: false, deploys: [], actions }
  }

  #values(
    { name }: Environment,
    regions: readonly string[],
    pipeline: PipelineFile,
    stage: { readonly values?: Values },
  ): FleetStage['values'] {
    const environment = this.#file.environments[name]
    const own = environment && !Array.isArray(environment.regions) ? environment.regions : {}
    return valuesByRegion(regions, (region) => [
      this.#file.values,
      pipeline.values,
      environment?.values,
      own[region],
      stage.values,
    ])
  }

  #environment(name: string, path: DataPath): Environment | undefined {
    const found = this.#environments.find((environment) => environment.name === name)
    if (found) return found
    const names = this.#environments.map((environment) => environment.name)
    const meant = nearest(name, names)
    this.#complain(
      [...path, 'environment'],
      `there is no environment \`${name}\``,
      meant ? `write \`${meant}\`` : `use one of ${names.join(', ')}, or add it under \`environments\``,
    )
    return undefined
  }

  #complain(path: DataPath, what: string, fix: string): void {
    this.#errors.push(new FleetError(what, { location: this.#document.locate(path), fix }))
  }
}

function resolveBuild(file: BuildFile): FleetBuild {
  const { compute, buildspec, commands, ...rest } = file
  return {
    ...rest,
    ...(commands ? { commands } : { buildspec: buildspec ?? 'buildspec.yml' }),
    compute: COMPUTE_TYPES[compute],
  }
}

function resolveApproval(file: StageFile['approve']): FleetApproval | undefined {
  if (file === false) return undefined
  return file === true ? { emails: [] } : file
}
