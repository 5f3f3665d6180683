/** What `${…}` stands for at the places of a pipeline. */
import {
  expandValues,
  type Fleet,
  type FleetPipeline,
  type FleetPlace,
  sourceBranch,
  type TextScope,
} from '../fleet/index.ts'

/** Gives what `${…}` stands for outside the stages of a pipeline. */
export const pipelineScope = (fleet: Fleet, pipeline: FleetPipeline): TextScope => ({
  fleet: fleet.name,
  pipeline: pipeline.id,
  branch: sourceBranch(pipeline.source),
})

export type StageScope = TextScope &
  Readonly<Record<'environment' | 'account' | 'accountName' | 'region', string>>

/** Gives what `${…}` stands for in one place of a stage. */
export const placeScope = (fleet: Fleet, pipeline: FleetPipeline, place: FleetPlace): StageScope => {
  const { environment, account, accountName, region, values } = place
  const scope = { ...pipelineScope(fleet, pipeline), environment, account, accountName, region }
  return Object.keys(values).length ? { ...scope, values: expandValues(values, scope) } : scope
}
