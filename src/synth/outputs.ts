/** Outputs of deployed stacks for the actions after them: as variables of the action that deployed the stack. */
import {
  type FleetDeploy,
  type FleetPipeline,
  type FleetStage,
  findOutput,
  type OutputSource,
  outputReference,
  type TextPlace,
  usesIn,
} from '../fleet/index.ts'
import type { Target } from '../model/index.ts'
import type { Names } from './names.ts'

/**
 * AWS: an action's output variables stand under its namespace, `#{namespace.Output}`, in the configuration of every action
 * after it, in whatever account and region; nobody needs a permission for that.
 */
export class Outputs {
  readonly #stages: readonly FleetStage[]
  readonly #names: Names
  /** Namespaces of the deploys whose outputs are taken, by where they are. */
  readonly #namespaces = new Map<string, string>()

  constructor({ stages }: FleetPipeline, names: Names) {
    this.#stages = stages
    this.#names = names
    for (const stage of stages)
      for (const { use, step } of usesIn(stage))
        for (const place of stage.places) this.#mark(findOutput(stages, { stage, step, ...place }, use))
  }

  /** Gives the namespace of a deploy's action; undefined where nothing takes an output of it. */
  namespaceOf(stage: FleetStage, deploy: FleetDeploy, place: Target): string | undefined {
    return this.#namespaces.get(keyOf({ stage, deploy, place }))
  }

  /** Gives what `${outputs.…}` stands for in a text. */
  at(text: TextPlace): (name: string) => string | undefined {
    return (name) => {
      const reference = outputReference(name)
      const source = reference && findOutput(this.#stages, text, reference)
      return source && `#{${this.#namespaces.get(keyOf(source))}.${reference.output}}`
    }
  }

  #mark(source: OutputSource | undefined): void {
    if (!source) return
    const { stage, deploy, place } = source
    const where = placeIn(stage, place)
    this.#namespaces.set(keyOf(source), this.#names.namespace(stage.name, `${deploy.name}-${where}`))
  }
}

/** Gives what tells a place from the others of its stage: the region, with several accounts both. */
export const placeIn = ({ places }: FleetStage, { account, region }: Target): string =>
  places.some((one) => one.account !== account) ? `${account}-${region}` : region

const keyOf = ({
  stage,
  deploy,
  place,
}: Pick<OutputSource, 'stage' | 'deploy'> & { readonly place: Target }): string =>
  `${stage.name} ${stage.deploys.indexOf(deploy)} ${place.account} ${place.region}`
