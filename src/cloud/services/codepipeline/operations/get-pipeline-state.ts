/** GetPipelineState: every stage of a pipeline as it is now. */
import { type ActionDeclaration, entryOf, type StageDeclaration } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { addressOf, registeredType } from '../engine/action-types.ts'
import { findPipeline, on } from '../engine/find.ts'
import { activeExecutions, latestIn, latestRunOf } from '../engine/history.ts'
import { type ActionRun, actionRunsOf, executionsOf, type StoredPipeline } from '../state.ts'

/** AWS: a PARALLEL pipeline has no state; its stages and actions come without executions. */
export const GetPipelineState = operation({
  service: 'codepipeline',
  name: 'GetPipelineState',
  access: (input, ctx) => on(ctx, 'GetPipelineState', input.name),
  run: (input, ctx) => {
    const pipeline = findPipeline(ctx, input.name)
    const { declaration, created, updated } = pipeline
    return {
      pipelineName: pipeline.name,
      pipelineVersion: declaration.version,
      stageStates: declaration.stages.map((stage) => stageState(ctx, pipeline, stage)),
      created: new Date(created),
      updated: new Date(updated),
    }
  },
})

function stageState(ctx: Context, pipeline: StoredPipeline, stage: StageDeclaration) {
  const transition = entryOf(pipeline.transitions, stage.name)
  const parallel = pipeline.declaration.executionMode === 'PARALLEL'
  const latest = parallel ? undefined : latestIn(ctx, pipeline.name, stage.name)
  const inbound = parallel ? [] : inboundTo(ctx, pipeline.name, stage.name)
  const run = entryOf(latest?.stages, stage.name)
  return {
    stageName: stage.name,
    inboundExecution: inbound[0],
    inboundExecutions: inbound,
    inboundTransitionState: {
      enabled: transition?.enabled ?? true,
      lastChangedBy: transition?.changedBy,
      lastChangedAt: transition && new Date(transition.changedAt),
      disabledReason: transition?.reason,
    },
    actionStates: stage.actions.map((action) =>
      actionState(ctx, pipeline.name, stage.name, action, parallel),
    ),
    latestExecution: latest &&
      run && { pipelineExecutionId: latest.id, status: run.status, type: latest.type },
    retryStageMetadata: run?.manualRetries
      ? { manualStageRetryAttempt: run.manualRetries, latestRetryTrigger: 'ManualStageRetry' as const }
      : undefined,
  }
}

const inboundTo = (ctx: Context, pipeline: string, stage: string) =>
  activeExecutions(ctx, pipeline)
    .filter((one) => one.waiting && one.declaration.stages[one.stage]?.name === stage)
    .map((one) => ({ pipelineExecutionId: one.id, status: 'InProgress' as const, type: one.type }))

function actionState(
  ctx: Context,
  pipeline: string,
  stage: string,
  action: ActionDeclaration,
  parallel: boolean,
) {
  const run = parallel ? undefined : latestRun(ctx, pipeline, stage, action.name)
  const entityUrl = entityUrlOf(ctx, action)
  if (!run) return { actionName: action.name, entityUrl }
  const revision = revisionOf(ctx, pipeline, run, action)
  const { external } = run
  return {
    actionName: action.name,
    currentRevision: revision && {
      revisionId: revision.id,
      revisionChangeId: revision.changeIdentifier ?? revision.id,
      created: new Date(revision.created),
    },
    latestExecution: {
      actionExecutionId: run.id,
      status: run.status,
      summary: external?.summary,
      lastStatusChange: new Date(run.updated),
      lastUpdatedBy: run.updatedBy,
      token: run.status === 'InProgress' ? (run.progress?.token as string | undefined) : undefined,
      externalExecutionId: external?.id,
      externalExecutionUrl: external?.url,
      percentComplete: external?.percentComplete,
      errorDetails: run.error,
      logStreamARN: external?.logStreamArn,
    },
    entityUrl,
    revisionUrl: revision?.url,
  }
}

function entityUrlOf(ctx: Context, { actionTypeId, configuration = {} }: ActionDeclaration) {
  const type = registeredType(ctx, actionTypeId)
  return type && addressOf(type.settings.entityUrlTemplate, type, configuration)
}

function latestRun(ctx: Context, pipeline: string, stage: string, action: string): ActionRun | undefined {
  const id = entryOf(entryOf(latestIn(ctx, pipeline, stage)?.stages, stage)?.actions, action)
  return id ? ctx.table(actionRunsOf(pipeline)).get(id) : latestRunOf(ctx, pipeline, stage, action)
}

function revisionOf(ctx: Context, pipeline: string, run: ActionRun, action: ActionDeclaration) {
  if (action.actionTypeId.category !== 'Source') return undefined
  const artifacts = ctx.table(executionsOf(pipeline)).get(run.executionId)?.artifacts ?? {}
  return Object.values(artifacts).find((artifact) => artifact.action === action.name)?.revision
}
