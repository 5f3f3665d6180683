/** An action with its place in the pipeline. */
import type { ActionDeclaration, PipelineDeclaration, StageDeclaration } from '../model/index.ts'

export interface PlacedAction {
  readonly action: ActionDeclaration
  readonly stage: StageDeclaration
  readonly stageIndex: number
  readonly runOrder: number
  /** `stages[1].actions[0]` */
  readonly path: string
}

/** Gives every action of the pipeline in order. */
export const placedActions = (pipeline: PipelineDeclaration): PlacedAction[] =>
  pipeline.stages.flatMap((stage, stageIndex) =>
    stage.actions.map((action, index) => ({
      action,
      stage,
      stageIndex,
      runOrder: action.runOrder ?? 1,
      path: `stages[${stageIndex}].actions[${index}]`,
    })),
  )

/** Whether one action is guaranteed to have finished when another starts. */
export const runsBefore = (one: PlacedAction, other: PlacedAction): boolean =>
  one.stageIndex < other.stageIndex || (one.stageIndex === other.stageIndex && one.runOrder < other.runOrder)
