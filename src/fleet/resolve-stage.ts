/** A stage of the file → a FleetStage: its places, what guards it, and what it deploys in each of them. */
import { FleetError, type Hub } from '../model/index.ts'
import { refusedDeploy } from './deploys/index.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetPlace, FleetStage, FleetStep } from './fleet.ts'
import { droppedApproval, inheritGuards } from './guards.ts'
import type { PlacedStage, Places } from './places.ts'
import type { ArtifactResolver } from './resolve-artifacts.ts'
import type { FleetFileOutput } from './schema.ts'
import { type ActionStageFile, type StageFile, stageOrder } from './stage-order.ts'
import { leaveOut } from './steps.ts'
import { missingValues } from './values.ts'
import { waveErrors, wavesOf } from './waves.ts'
import type { WaveFile } from './waves-schema.ts'

type PipelineFile = FleetFileOutput['pipelines'][string]
type StageEntry = PipelineFile['stages'][number]

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
    const location = this.#document.locate(path)
    const make = (name: string, at: readonly FleetPlace[], said: StageFile): FleetStage => {
      const { parts, ...order } = stageOrder(name, said, {
        ...around,
        hub: this.#hub,
        own: file,
        document: this.#document,
        errors: this.#errors,
      })
      for (const [part, where] of parts) this.#errors.push(...missingValues(part, where, at, this.#document))
      this.#refuse(name, at.length, order, around.artifacts)
      const guards = this.#guards(said, at, path)
      return { name, location, places: at, ...order, ...guards, actions: [] }
    }
    const name = file.name ?? named.join('-')
    return guarded.waves
      ? this.#waves(name, places, { ...guarded, waves: guarded.waves }, path, make)
      : [make(name, places, guarded)]
  }

  #refuse(
    name: string,
    places: number,
    { deploys, steps }: Pick<FleetStage, 'deploys' | 'steps'>,
    artifacts: ArtifactResolver,
  ): void {
    for (const deploy of deploys) {
      const isPrepared = (step: FleetStep) => step.kind === 'prepare' && step.deploy === deploy
      const changeSets = steps.flat().some(isPrepared)
      const refused = refusedDeploy(deploy.configuration, {
        ...{ name, changeSets, places },
        ofImage: artifacts.isImage(deploy.input),
      })
      const { location } = deploy
      if (refused) this.#errors.push(new FleetError(refused.what, { location, fix: refused.fix }))
    }
  }

  /** What is looked at before and after. */
  #guards(file: StageFile, places: readonly FleetPlace[], path: DataPath) {
    const { window, alarms = [], bake, onFailure, conditions } = file
    for (const key of ['alarms', 'conditions'] as const)
      this.#errors.push(...missingValues(file[key], [...path, key], places, this.#document))
    const beside = [
      ['beforeEntry', 'window', window],
      ['onSuccess', 'alarms', alarms.length || bake],
      ['onFailure', 'onFailure', onFailure],
    ] as const
    for (const [type, guard, is] of beside)
      if (is && conditions?.[type])
        this.#errors.push(
          new FleetError(`\`${type}\` does not go with \`${guard}\`, which becomes the same`, {
            location: this.#document.locate([...path, 'conditions', type]),
            fix: `write what \`${guard}\` says among the conditions, or leave these out`,
          }),
        )
    return { window, alarms, bake, onFailure, conditions }
  }

  /** A stage for each wave, the first behind the approval of all. */
  #waves(
    stage: string,
    all: readonly FleetPlace[],
    file: StageFile & { readonly waves: readonly WaveFile[] },
    path: DataPath,
    make: (name: string, places: readonly FleetPlace[], said: StageFile) => FleetStage,
  ): FleetStage[] {
    this.#errors.push(...waveErrors(file.waves, all, { stage, path, document: this.#document }))
    return wavesOf(file.waves, all).map(({ places, file: wave, index }, position) => {
      const own = { approve: wave?.approve }
      const before = { approve: file.approve, name: 'the stage' }
      const at = [...path, 'waves', index]
      if (position === 0)
        this.#errors.push(...droppedApproval(own, [before], at, this.#document, 'its first wave'))
      const isApproved = position === 0 || own.approve
      const approve = isApproved ? inheritGuards(own, [before]).approve : undefined
      this.#errors.push(...missingValues(own.approve, [...at, 'approve'], places, this.#document))
      const made = make(`${stage}-${position + 1}`, places, {
        ...file,
        approve,
        bake: wave?.bake ?? file.bake,
      })
      return { ...(isApproved ? made : leaveOut(made, 'approve')), isWave: true }
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
        tests: [],
        steps: [],
        alarms: [],
        conditions: file.conditions,
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
