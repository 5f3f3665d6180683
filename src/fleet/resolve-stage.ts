/** A stage of the file → a FleetStage: its places, what guards it, and what it deploys in each of them. */
import { FleetError, type Hub } from '../model/index.ts'
import { type DeployConfiguration, type DeployStage, refusedDeploy } from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetDeploy, FleetPlace, FleetStage } from './fleet.ts'
import { droppedApproval, inheritGuards, resolveApproval } from './guards.ts'
import type { PlacedStage, Places } from './places.ts'
import type { ArtifactResolver } from './resolve-artifacts.ts'
import type { FleetFileOutput } from './schema.ts'
import { missingValues } from './values.ts'

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
    const name = file.name ?? named.join('-')
    const changeSets = guarded.changeSets ?? approve !== undefined
    return [
      {
        name,
        places,
        approve,
        changeSets,
        deploys: this.#deploys(file, around, { name, changeSets }),
        test: file.test && around.artifacts.test(file.test, [...path, 'test']),
        actions: [],
      },
    ]
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

  #deploys(file: StageFile, around: StageAround, stage: DeployStage): readonly FleetDeploy[] {
    const { deploys, at } = deploysOf(file, around)
    const resolved = deploys.flatMap((entry, step): FleetDeploy | FleetDeploy[] => {
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
    for (const { configuration, location } of resolved) {
      const refused = refusedDeploy(configuration, stage)
      if (refused) this.#errors.push(new FleetError(refused.what, { location, fix: refused.fix }))
    }
    return resolved
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
    return [{ name, places: all, changeSets: false, deploys: [], actions }]
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
