/** RetryStageExecution, RollbackStage, EnableStageTransition and DisableStageTransition. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { advance } from '../engine/advance.ts'
import { beginExecution } from '../engine/begin-execution.ts'
import { publishPipeline, publishStage } from '../engine/events.ts'
import { findExecution, findPipeline, findStage, on } from '../engine/find.ts'
import { activeExecutions, isActive, latestIn } from '../engine/history.ts'
import { changeExecution, ownContext } from '../engine/records.ts'
import { actionRunsOf, type Execution, pipelines, type StageRun, type StoredPipeline } from '../state.ts'

/** AWS: FAILED_ACTIONS runs again what failed, ALL_ACTIONS the whole stage. */
export const RetryStageExecution = operation({
  service: 'codepipeline',
  name: 'RetryStageExecution',
  access: (input, ctx) => on(ctx, 'RetryStageExecution', input.pipelineName, input.stageName),
  run: (input, caller) => {
    const { pipelineName: name, stageName, pipelineExecutionId: id, retryMode } = input
    const pipeline = findPipeline(caller, name)
    findStage(pipeline, stageName)
    const ctx = ownContext(caller, name)
    const execution = findExecution(ctx, name, id, 'NotLatestPipelineExecutionException')
    const failed = checkRetryable(ctx, pipeline, execution, stageName)
    const table = ctx.table(actionRunsOf(name))
    const kept = Object.entries(failed.actions).filter(
      ([, runId]) => retryMode === 'FAILED_ACTIONS' && table.get(runId)?.status === 'Succeeded',
    )
    const resumed = changeExecution(ctx, name, id, ({ stages }) => ({
      status: 'InProgress',
      statusSummary: undefined,
      stop: undefined,
      stages: {
        ...stages,
        [stageName]: {
          ...failed,
          status: 'InProgress',
          actions: Object.fromEntries(kept),
          manualRetries: failed.manualRetries + 1,
        },
      },
    }))
    publishPipeline(ctx, resumed, 'RESUMED')
    publishStage(ctx, resumed, stageName, 'RESUMED')
    advance(ctx, name)
    return { pipelineExecutionId: id }
  },
})

/** Gives the stage's run. Errors: StageNotRetryableException, NotLatestPipelineExecutionException. */
function checkRetryable(
  ctx: Context,
  pipeline: StoredPipeline,
  execution: Execution,
  stage: string,
): StageRun {
  const run = entryOf(execution.stages, stage)
  const ended = execution.status === 'Failed' || execution.status === 'Stopped'
  if (!run || !ended || (run.status !== 'Failed' && run.status !== 'Stopped'))
    throw new AwsError(
      'StageNotRetryableException',
      `Stage ${stage} cannot be retried because it has not failed`,
    )
  if (execution.declaration.version !== pipeline.declaration.version)
    throw new AwsError(
      'StageNotRetryableException',
      `Stage ${stage} cannot be retried because the pipeline has changed since`,
    )
  const parallel = execution.declaration.executionMode === 'PARALLEL'
  const later = (entryOf(latestIn(ctx, pipeline.name, stage)?.stages, stage)?.entered ?? 0) > run.entered
  const occupied = activeExecutions(ctx, pipeline.name).some(
    (one) => !one.waiting && one.declaration.stages[one.stage]?.name === stage,
  )
  if (!parallel && (later || occupied))
    throw new AwsError(
      'NotLatestPipelineExecutionException',
      `The execution ${execution.id} is not the latest one in stage ${stage}`,
    )
  return run
}

/** AWS: a new execution runs the stage once more with artifacts and variables of one that succeeded there. */
export const RollbackStage = operation({
  service: 'codepipeline',
  name: 'RollbackStage',
  access: (input, ctx) => on(ctx, 'RollbackStage', input.pipelineName, input.stageName),
  run: (input, ctx) => {
    const { pipelineName: name, stageName, targetPipelineExecutionId: targetId } = input
    const pipeline = findPipeline(ctx, name)
    findStage(pipeline, stageName)
    const target = findExecution(ctx, name, targetId)
    const stage = pipeline.declaration.stages.findIndex((one) => one.name === stageName)
    checkRollback(pipeline, target, stageName, stage)
    const { artifacts, outputs, variables } = target
    const execution = beginExecution(ctx, pipeline, {
      trigger: { type: 'ManualRollback', detail: ctx.identity.arn },
      variables,
      rollback: { rollbackTarget: target.id, stage, artifacts, outputs, stages: {} },
    })
    return { pipelineExecutionId: execution.id }
  },
})

function checkRollback(pipeline: StoredPipeline, target: Execution, stageName: string, stage: number): void {
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
  if (isActive(target)) refuse(`the execution ${target.id} is in progress`)
}

function putTransition(
  ctx: Context,
  pipeline: string,
  stage: string,
  change: { enabled: boolean; reason?: string },
) {
  const found = findPipeline(ctx, pipeline)
  findStage(found, stage)
  const transition = { ...change, changedBy: ctx.identity.arn, changedAt: ctx.cloud.clock.now() }
  ctx.table(pipelines).put(pipeline, { ...found, transitions: { ...found.transitions, [stage]: transition } })
}

/** AWS: only transitions into a stage can be enabled and disabled. */
function refuseOutbound(type: string): void {
  if (type !== 'Inbound')
    throw new AwsError(
      'ValidationException',
      'Only inbound transitions of a stage can be enabled or disabled',
    )
}

export const DisableStageTransition = operation({
  service: 'codepipeline',
  name: 'DisableStageTransition',
  access: (input, ctx) => on(ctx, 'DisableStageTransition', input.pipelineName, input.stageName),
  run: ({ pipelineName, stageName, transitionType, reason }, ctx) => {
    refuseOutbound(transitionType)
    putTransition(ctx, pipelineName, stageName, { enabled: false, reason })
    return {}
  },
})

export const EnableStageTransition = operation({
  service: 'codepipeline',
  name: 'EnableStageTransition',
  access: (input, ctx) => on(ctx, 'EnableStageTransition', input.pipelineName, input.stageName),
  run: ({ pipelineName, stageName, transitionType }, ctx) => {
    refuseOutbound(transitionType)
    putTransition(ctx, pipelineName, stageName, { enabled: true })
    advance(ownContext(ctx, pipelineName), pipelineName)
    return {}
  },
})
