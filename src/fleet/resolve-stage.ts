/** A stage of the file → a FleetStage: its places, what guards it, and what it deploys in each of them. */
import { FleetError, type Hub } from '../model/index.ts'
import type { DeployConfiguration } from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetDeploy, FleetPlace, FleetStage } from './fleet.ts'
import { droppedApproval, inheritGuards, resolveApproval } from './guards.ts'
import type { PlacedStage, Places } from './places.ts'
import type { ArtifactResolver } from './resolve-artifacts.ts'
import type { FleetFileOutput } from './schema.ts'
import { missingValues } from './values.ts'
import { waveErrors, wavesOf } from './waves.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]
type StageEntry = PipelineFile['stages'][number]
type AnyStageFile = Exclude<StageEntry, string>
type ActionStageFile = Extract<AnyStageFile, { actions: unknown }>
type StageFile = Exclude<AnyStageFile, ActionStageFile>

/** Where a stage stands: its pipeline, and the paths of both. */
interface StageAround {
  readonly pipeline: PipelineFile
  readonly pipelinePath: DataPath
  readonly path: DataPath
  readonly artifacts: ArtifactResolver
}

export class StageResolver {
  readonly #hub: Hub
  readonly #file: FleetFileOutput
  readonly #places: Places
  readonly #document: FleetDocument
  readonly #errors: FleetError[]

  constructor(file: FleetFileOutput, places: Places, document: FleetDocument, errors: FleetError[]) {
    this.#hub = file.hub
    this.#file = file
    this.#places = places
    this.#document = document
    this.#errors = errors
  }

  /** Gives the stages that an entry of `stages` becomes; none where what it names is not there. */
  stages(entry: StageEntry, around: StageAround): FleetStage[] {
    if (typeof entry === 'string') return this.#stage({ environment: entry }, around)
    return 'actions' in entry ? this.#actionStage(entry, around) : this.#stage(entry, around)
  }

  #stage(file: StageFile, around: StageAround): FleetStage[] {
    const { pipeline, path } = around
    const named = [file.environment].flat()
    const stage: PlacedStage = { environments: named, regions: file.regions, values: file.values }
    const environments = this.#places.environments(stage, path)
    if (environments.length < named.length) return []
    this.#places.checkRegions(stage, environments, path)
    const places = this.#places.of(stage, environments, pipeline)
    const guarding = environments.map(({ name }) => ({ ...this.#file.environments[name]!, name }))
    this.#errors.push(...droppedApproval(file, guarding, path, this.#document))
    const guarded = inheritGuards(file, guarding)
    const approve = resolveApproval(guarded.approve)
    this.#checkValues(file, around, places)
    return this.#waves(guarded, around, {
      name: file.name ?? named.join('-'),
      location: this.#document.locate(path),
      places,
      approve,
      changeSets: guarded.changeSets ?? approve !== undefined,
      deploys: this.#deploys(file, around),
      test: file.test && around.artifacts.test(file.test, [...path, 'test']),
      actions: [],
    })
  }

  /** A stage for each wave, the first behind the approval of all. */
  #waves(file: StageFile, { path }: StageAround, stage: FleetStage): FleetStage[] {
    const { waves: files, changeSets } = file
    if (!files) return [stage]
    const around = { stage: stage.name, path, document: this.#document }
    this.#errors.push(...waveErrors(files, stage.places, around))
    return wavesOf(files, stage.places).map(({ places, file: wave, index }, position) => {
      const own = { approve: wave?.approve }
      const before = { approve: file.approve, name: 'the stage' }
      const at = [...path, 'waves', index]
      if (position === 0)
        this.#errors.push(...droppedApproval(own, [before], at, this.#document, 'its first wave'))
      const isApproved = position === 0 || own.approve
      const approve = isApproved ? resolveApproval(inheritGuards(own, [before]).approve) : undefined
      this.#errors.push(...missingValues(own.approve, [...at, 'approve'], places, this.#document))
      return {
        ...stage,
        name: `${stage.name}-${position + 1}`,
        places,
        approve,
        changeSets: changeSets ?? approve !== undefined,
        isWave: true,
      }
    })
  }

  #checkValues(file: StageFile, around: StageAround, places: readonly FleetPlace[]): void {
    const { deploys, at } = deploysOf(file, around)
    for (const [part, path] of [
      [deploys, at],
      [file.test, [...around.path, 'test']],
      [file.approve, [...around.path, 'approve']],
    ] as const)
      this.#errors.push(...missingValues(part, path, places, this.#document))
  }

  #deploys(file: StageFile, around: StageAround): FleetStage['deploys'] {
    const { deploys, at } = deploysOf(file, around)
    return deploys.flatMap((entry, step) => {
      const path = [...at, step]
      const deploy = (configuration: DeployConfiguration, path: DataPath): FleetDeploy => ({
        configuration,
        step,
        input: around.artifacts.deployed(configuration, path),
        location: this.#document.locate(path),
      })
      if (!('together' in entry)) return deploy(entry, path)
      return entry.together.map((one, index) => deploy(one, [...path, 'together', index]))
    })
  }

  #actionStage(file: ActionStageFile, { pipeline, path }: StageAround): FleetStage[] {
    const { name, environment: named, actions, values: own } = file
    const places = named ? this.#onePlace(named, file, pipeline, path) : [this.#hubPlace(pipeline, file)]
    const [first] = places
    if (!first) return []
    const used = new Set([...places, ...actions].flatMap(({ region }) => region ?? []))
    const all = [...used].map((region) => ({
      ...first,
      region,
      values: this.#places.values(first.environment, region, pipeline, own),
    }))
    this.#errors.push(...missingValues(actions, [...path, 'actions'], all, this.#document))
    return [
      {
        name,
        location: this.#document.locate(path),
        places: all,
        changeSets: false,
        deploys: [],
        actions,
      },
    ]
  }

  /** The places of an environment of one account: the actions are written once, and work there. */
  #onePlace(name: string, file: ActionStageFile, pipeline: PipelineFile, path: DataPath): FleetPlace[] {
    const stage = { environments: [name], values: file.values }
    const environments = this.#places.environments(stage, path)
    const accounts = environments.flatMap((one) => one.accounts)
    if (accounts.length > 1)
      this.#errors.push(
        new FleetError(
          `a stage of actions works in one account, and environment \`${name}\` has ${accounts.length}`,
          {
            location: this.#document.locate([...path, 'environment']),
            fix: 'name an environment of one account',
          },
        ),
      )
    return this.#places.of(stage, environments, pipeline)
  }

  #hubPlace(pipeline: PipelineFile, { values }: ActionStageFile): FleetPlace {
    const { account, region } = this.#hub
    return {
      environment: 'hub',
      account,
      accountName: 'hub',
      region,
      home: region,
      values: this.#places.values('hub', region, pipeline, values),
    }
  }
}

/** What a stage deploys: its own, or the pipeline's. */
function deploysOf(file: StageFile, { pipeline, pipelinePath, path }: StageAround) {
  const own = file.deploy !== undefined
  return {
    deploys: file.deploy ?? pipeline.deploy,
    at: [...(own ? path : pipelinePath), 'deploy'],
  }
}
