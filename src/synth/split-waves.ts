/** Stages of more actions than AWS takes: a wave becomes several, of any other the fleet file is told. */
import { type Fleet, type FleetPipeline, type FleetStage, leaveOut } from '../fleet/index.ts'
import { FleetError, type PipelineDeclaration } from '../model/index.ts'
import { ACTIONS_PER_STAGE } from '../pipeline/index.ts'
import { declareStage } from './declare-stage.ts'
import type { CapabilitiesOf } from './declaring.ts'
import type { Names } from './names.ts'
import { Outputs } from './outputs.ts'

/** Gives the pipeline whose waves are as small as they must be. */
export function splitWaves(
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  capabilitiesOf: CapabilitiesOf,
): FleetPipeline {
  if (!pipeline.stages.some(({ isWave }) => isWave)) return pipeline
  const around = { fleet, pipeline, names, outputs: new Outputs(pipeline, names), capabilitiesOf }
  const count = (stage: FleetStage) =>
    Math.max(...declareStage(stage, around).map(({ actions }) => actions.length))
  return {
    ...pipeline,
    stages: pipeline.stages.flatMap((stage) => (stage.isWave ? partsOf(stage, count) : stage)),
  }
}

/** Parts of one size, of whole places. What comes before is asked once, before the first; what tests, after the last. */
function partsOf(stage: FleetStage, count: (stage: FleetStage) => number): FleetStage[] {
  const { places } = stage
  let parts: FleetStage[] = [stage]
  for (let number = 2; parts.some((part) => count(part) > ACTIONS_PER_STAGE); number++) {
    if (number > places.length) return [stage]
    const size = Math.ceil(places.length / number)
    const chunks = Array.from({ length: Math.ceil(places.length / size) }, (_, index) =>
      places.slice(index * size, (index + 1) * size),
    )
    parts = chunks.map((chunk, index) => {
      const isLast = index === chunks.length - 1
      // A time that is only waited for comes once; alarms are watched in each part's places.
      const bake = isLast || stage.alarms.length ? stage.bake : undefined
      const part = { ...stage, name: `${stage.name}-${index + 1}`, places: chunk, bake }
      const asked = index === 0 ? part : leaveOut(part, 'approve')
      return isLast ? asked : leaveOut(asked, 'test')
    })
  }
  return parts
}

/** Gives an error for each stage that is too large, by its path in the declaration. */
export function largeStages(
  { stages }: FleetPipeline,
  declaration: PipelineDeclaration,
): ReadonlyMap<string, FleetError> {
  if (declaration.stages.every(({ actions }) => actions.length <= ACTIONS_PER_STAGE)) return new Map()
  const byName = new Map(stages.map((stage) => [stage.name, stage]))
  return new Map(
    declaration.stages.flatMap(({ name, actions }, index) => {
      const stage = byName.get(name)
      if (!stage || actions.length <= ACTIONS_PER_STAGE) return []
      const error = new FleetError(
        `stage ${name} would have ${actions.length} actions, AWS takes ${ACTIONS_PER_STAGE}`,
        {
          location: stage.location,
          fix:
            !stage.actions.length && actions.length <= ACTIONS_PER_STAGE * stage.places.length
              ? 'add `waves`'
              : 'make two stages of it, each with some of what it does',
        },
      )
      return [[`stages[${index}].actions`, error] as const]
    }),
  )
}
