/** RetryStageExecution, RollbackStage, EnableStageTransition and DisableStageTransition. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { advance } from '../engine/advance.ts'
import { beginExecution } from '../engine/begin-execution.ts'
import { publishPipeline } from '../engine/events.ts'
import { findExecution, findPipeline, findStage, on } from '../engine/find.ts'
import { activeExecutions, latestIn } from '../engine/history.ts'
import { ownContext } from '../engine/records.ts'
import { retryStage } from '../engine/retry-stage.ts'
import { checkRollback, rollbackTo } from '../engine/roll-back.ts'
import { type Execution, pipelines, type StoredPipeline } from '../state.ts'

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
    checkRetryable(ctx, pipeline, execution, stageName)
    publishPipeline(ctx, execution, 'RESUMED')
    retryStage(ctx, execution, stageName, { mode: retryMode, by: 'ManualStageRetry' })
    advance(ctx, name)
    return { pipelineExecutionId: id }
  },
})

/** Errors: StageNotRetryableException, NotLatestPipelineExecutionException. */
function checkRetryable(ctx: Context, pipeline: StoredPipeline, execution: Execution, stage: string): void {
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
}

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
    checkRollback(ctx, pipeline, target, stage)
    const trigger = { type: 'ManualRollback' as const, detail: ctx.identity.arn }
    const execution = beginExecution(ctx, pipeline, rollbackTo(target, stage, trigger))
    return { pipelineExecutionId: execution.id }
  },
})

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
