/** Makes the stages of a pipeline of what the file says, with the environments that they deploy to. */
import { type Environment, FleetError, type Hub, nearest } from '../model/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetApproval, FleetStage } from './fleet.ts'
import { resolveBuild } from './resolve-build.ts'
import type { FleetFileOutput } from './schema.ts'
import { missingValues, type Values, valuesByRegion } from './values.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]
type AnyStageFile = Exclude<PipelineFile['stages'][number], string>
type ActionStageFile = Extract<AnyStageFile, { actions: unknown }>
type StageFile = Exclude<AnyStageFile, ActionStageFile>

export class StageResolver {
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

  /** Gives a stage of a pipeline; undefined, and an error is kept, where its environment is not known. */
  stage(
    entry: AnyStageFile | string,
    pipeline: PipelineFile,
    pipelinePath: DataPath,
    path: DataPath,
  ): FleetStage | undefined {
    if (typeof entry !== 'string' && 'actions' in entry) return this.#actionStage(entry, pipeline, path)
    const file = typeof entry === 'string' ? { environment: entry, approve: false as const } : entry
    return this.#stage(file, pipeline, pipelinePath, path)
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

function resolveApproval(file: StageFile['approve']): FleetApproval | undefined {
  if (file === false) return undefined
  return file === true ? { emails: [] } : file
}
