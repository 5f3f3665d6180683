/** Outputs of deployed stacks that later texts of the pipeline take: `${outputs.[STAGE/]DEPLOY[@REGION].OUTPUT}`. */
import { FleetError, nearest, type Target } from '../model/index.ts'
import { deployedStack } from './deploys/index.ts'
import type { FleetDeploy, FleetPlace, FleetStage, FleetStep } from './fleet.ts'
import type { OutputReference, OutputUse } from './output-uses.ts'

/** The deploy whose stack has an output, in its stage and at its place. */
export interface OutputSource {
  readonly stage: FleetStage
  readonly deploy: FleetDeploy
  readonly place: FleetPlace
}

/** Where a text stands: in a stage, before one of its steps, for a place. */
export interface TextPlace extends Target {
  readonly stage: FleetStage
  /** Index in the steps of the stage. */
  readonly step: number
}

/**
 * Gives whose output is meant: of the named stage, else of the nearest deploy before the text, in the same account. AWS:
 * variables are known of actions that are over, whatever account and region these were in.
 */
export function findOutput(
  stages: readonly FleetStage[],
  { stage: at, step, ...place }: TextPlace,
  reference: OutputReference,
): OutputSource | undefined {
  const region = reference.region ?? place.region
  const before = stages.slice(0, stages.indexOf(at) + 1).reverse()
  for (const stage of before) {
    if (reference.stage !== undefined && reference.stage !== stage.name) continue
    const deploy = deployedBefore(stage, reference.deploy, stage === at ? step : stage.steps.length)
    const found = deploy && placeIn(stage, { ...place, region }, reference)
    if (deploy && found) return { stage, deploy, place: found }
  }
  return undefined
}

const deployedBefore = ({ steps }: FleetStage, name: string, end: number): FleetDeploy | undefined =>
  steps
    .slice(0, end)
    .flat()
    .flatMap((step) => (step.kind === 'deploy' && step.deploy.name === name ? step.deploy : []))
    .at(-1)

/** The same account in the region; of a stage that is named another account, where there is no other. */
function placeIn(stage: FleetStage, wanted: Target, reference: OutputReference): FleetPlace | undefined {
  const there = stage.places.filter(({ region }) => region === wanted.region)
  const same = there.find(({ account }) => account === wanted.account)
  if (same || reference.stage === undefined) return same
  const candidates = there.length || reference.region !== undefined ? there : stage.places
  return candidates.length === 1 ? candidates[0] : undefined
}

/** A text that takes an output. */
export interface UsedOutput {
  readonly use: OutputUse
  /** Index of the step before which it must be known. */
  readonly step: number
  /** What the text belongs to, as the fleet file calls it. */
  readonly by: string
}

/** Gives the texts of a stage that take outputs. */
export const usesIn = (stage: FleetStage): UsedOutput[] =>
  stage.steps.flatMap((together, step) =>
    together.flatMap((one) => {
      const by = 'deploy' in one ? `\`${one.deploy.name}\`` : 'this'
      return usesOf(one, stage, step).map((use) => ({ use, step, by }))
    }),
  )

/** AWS: executing a change set takes nothing of the configuration that it was made with. */
function usesOf(step: FleetStep, { steps, approve }: FleetStage, index: number): readonly OutputUse[] {
  switch (step.kind) {
    case 'approve':
      return approve?.outputs ?? []
    case 'test':
      return []
    case 'prepare':
      return step.deploy.outputs
    case 'deploy':
      return isPrepared(step.deploy, steps.slice(0, index)) ? [] : step.deploy.outputs
    default:
      return step.outputs
  }
}

/** Whether one of the steps makes the change set of a deploy. */
export const isPrepared = (deploy: FleetDeploy, steps: FleetStage['steps']): boolean =>
  steps.flat().some((step) => step.kind === 'prepare' && step.deploy === deploy)

/** Gives an error for each text that takes an output which no deploy before it has. */
export function outputErrors(stages: readonly FleetStage[]): FleetError[] {
  const told = new Set<string>()
  return stages.flatMap((stage) =>
    usesIn(stage).flatMap((used) => {
      const { line, column } = used.use.location
      const key = `${line}:${column}:${used.use.text}`
      const error = told.has(key) ? undefined : outputError(stages, stage, used)
      if (error) told.add(key)
      return error ?? []
    }),
  )
}

function outputError(
  stages: readonly FleetStage[],
  stage: FleetStage,
  { use, step, by }: UsedOutput,
): FleetError | undefined {
  const { location } = use
  for (const place of stage.places) {
    const source = findOutput(stages, { stage, step, ...place }, use)
    if (!source) return missingOutput(stages, stage, place, use, by)
    if (!deployedStack(source.deploy.configuration))
      return new FleetError(`the deploy \`${use.deploy}\` makes no stack, so that it has no outputs`, {
        location,
        fix: 'name another one',
      })
  }
  return undefined
}

function missingOutput(
  stages: readonly FleetStage[],
  stage: FleetStage,
  { account, region }: Target,
  use: OutputUse,
  by: string,
): FleetError {
  const tell = (what: string, fix: string) => new FleetError(what, { location: use.location, fix })
  const stageNames = stages.map(({ name }) => name)
  if (use.stage !== undefined && !stageNames.includes(use.stage)) {
    const meant = nearest(use.stage, stageNames)
    return tell(
      `there is no stage \`${use.stage}\``,
      meant ? `write \`${meant}\`` : `use one of ${stageNames.join(', ')}`,
    )
  }
  const names = stages.flatMap(({ deploys }) => deploys.map(({ name }) => name))
  const meant = names.includes(use.deploy) ? undefined : nearest(use.deploy, names)
  const where = use.region ?? (stage.places.length > 1 ? `${account} ${region}` : '')
  return tell(
    use.stage === undefined || use.stage === stage.name
      ? `no deploy \`${use.deploy}\` comes before ${by} in ${[stage.name, where].filter(Boolean).join(' ')}`
      : `the stage ${use.stage} has no deploy \`${use.deploy}\` in ${use.region ?? region} before ${by}`,
    meant
      ? `write \`${meant}\``
      : 'list it first, or in an earlier stage; one elsewhere is named as `STAGE/DEPLOY@REGION`',
  )
}
