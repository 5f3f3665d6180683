/** What `${…}` stands for at the places of a pipeline. */
import {
  expandValues,
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  sourceBranch,
  type TextScope,
} from '../fleet/index.ts'

/** Gives what `${…}` stands for outside the stages of a pipeline. */
export const pipelineScope = (fleet: Fleet, pipeline: FleetPipeline): TextScope => ({
  fleet: fleet.name,
  pipeline: pipeline.id,
  branch: sourceBranch(pipeline.source),
})

export type StageScope = TextScope & Readonly<Record<'environment' | 'account' | 'region', string>>

/** Gives what `${…}` stands for in a stage and one of its regions. */
export const stageScope = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  region: string,
): StageScope => {
  const scope = {
    ...pipelineScope(fleet, pipeline),
    environment: stage.environment.name,
    account: stage.environment.account,
    region,
  }
  const values = stage.values[region]
  return values && Object.keys(values).length ? { ...scope, values: expandValues(values, scope) } : scope
}
