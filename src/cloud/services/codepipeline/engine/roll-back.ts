/** Rolling a stage back to an execution that succeeded in it. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Execution, pipelines, type StoredPipeline, type Trigger } from '../state.ts'
import { activeExecutions, executionsBackwards } from './history.ts'
import { stageOf } from './places.ts'
import { type Beginning, recordExecution } from './record-execution.ts'

/**
 * Gives what a rollback begins with. AWS: a new execution runs the stage once more with artifacts and variables of the
 * one that succeeded there.
 */
export function rollbackTo(target: Execution, stage: number, trigger: Trigger): Beginning {
  const { artifacts, outputs, variables } = target
  return {
    trigger,
    variables,
    rollback: { rollbackTarget: target.id, stage, artifacts, outputs, stages: {} },
  }
}

/** Errors: UnableToRollbackStageException, PipelineExecutionOutdatedException. */
export function checkRollback(
  ctx: Context,
  pipeline: StoredPipeline,
  target: Execution,
  stage: number,
): void {
  const stageName = pipeline.declaration.stages[stage]!.name
  const isOccupied = activeExecutions(ctx, pipeline.name).some(
    (one) => !one.waiting && stageOf(one).name === stageName,
  )
  const refuse = (why: string) => {
    throw new AwsError('UnableToRollbackStageException', `Stage ${stageName} cannot be rolled back: ${why}`)
  }
  if (stage === 0) refuse('it is the source stage')
  if (pipeline.declaration.executionMode === 'PARALLEL') refuse('the pipeline runs in PARALLEL mode')
  if (target.type === 'ROLLBACK') refuse(`the execution ${target.id} is itself a rollback`)
  if (entryOf(target.stages, stageName)?.status !== 'Succeeded')
    refuse(`the execution ${target.id} did not succeed in it`)
  if (target.declaration.version !== pipeline.declaration.version)
    throw new AwsError(
      'PipelineExecutionOutdatedException',
      `The execution ${target.id} was started with an earlier version of the pipeline`,
    )
  // AWS: "the stage is currently running" (UnableToRollbackStageException).
  if (isOccupied) refuse('it is running')
}

/**
 * Rolls the stage that an execution failed in back by itself; nothing where there is no execution to go back to.
 * AWS: "the stage is rolled back to the most recent successful execution", of the pipeline's current structure
 * (stage-rollback-auto), which is no rollback itself (stage-conditions); its trigger tells the one that failed
 * (stage-rollback-view-listing). A rollback that fails is not rolled back: it was the way to the last good execution.
 */
export function rollBackAutomatically(ctx: Context, failed: Execution): void {
  const { name } = failed.declaration
  const pipeline = ctx.table(pipelines).get(name)
  const stage = failed.declaration.stages[failed.stage]!.name
  if (!pipeline || failed.type === 'ROLLBACK') return
  for (const target of executionsBackwards(ctx, name)) {
    if (target.id === failed.id || target.type === 'ROLLBACK') continue
    if (target.declaration.version !== pipeline.declaration.version) return
    if (entryOf(target.stages, stage)?.status !== 'Succeeded') continue
    const detail = JSON.stringify({ FailedPipelineExecutionId: failed.id })
    recordExecution(ctx, pipeline, rollbackTo(target, failed.stage, { type: 'AutomatedRollback', detail }))
    return
  }
}
