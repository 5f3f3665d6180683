/** GetPipelineExecution, ListPipelineExecutions and ListActionExecutions. */
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { executionOf } from '../engine/execution-record.ts'
import { findExecution, findPipeline, findStage, invalidNextToken, on } from '../engine/find.ts'
import { executionsBackwards, runsBackwards, runsOf } from '../engine/history.ts'
import { actionOf } from '../engine/records.ts'
import { maskedConfiguration } from '../engine/secrets.ts'
import type { ActionRun, Execution } from '../state.ts'

const PAGE = 100

const rollbackOf = ({ rollbackTarget }: Execution) =>
  rollbackTarget ? { rollbackTargetPipelineExecutionId: rollbackTarget } : undefined

const sourceArtifacts = ({ artifacts }: Execution) =>
  Object.values(artifacts).flatMap(({ revision, ...artifact }) =>
    revision ? [{ ...artifact, revision }] : [],
  )

export const GetPipelineExecution = operation({
  service: 'codepipeline',
  name: 'GetPipelineExecution',
  access: (input, ctx) => on(ctx, 'GetPipelineExecution', input.pipelineName),
  run: (input, ctx) => {
    findPipeline(ctx, input.pipelineName)
    const execution = findExecution(ctx, input.pipelineName, input.pipelineExecutionId)
    const { declaration, trigger } = execution
    return {
      pipelineExecution: {
        pipelineName: declaration.name,
        pipelineVersion: declaration.version,
        pipelineExecutionId: execution.id,
        status: execution.status,
        statusSummary: execution.statusSummary,
        artifactRevisions: sourceArtifacts(execution).map(({ name, revision }) => ({
          name,
          revisionId: revision.id,
          revisionChangeIdentifier: revision.changeIdentifier,
          revisionSummary: revision.summary,
          created: new Date(revision.created),
          revisionUrl: revision.url,
        })),
        variables: Object.entries(execution.variables).map(([name, resolvedValue]) => ({
          name,
          resolvedValue,
        })),
        trigger: { triggerType: trigger.type, triggerDetail: trigger.detail },
        executionMode: declaration.executionMode,
        executionType: execution.type,
        rollbackMetadata: rollbackOf(execution),
      },
    }
  },
})

export const ListPipelineExecutions = operation({
  service: 'codepipeline',
  name: 'ListPipelineExecutions',
  access: (input, ctx) => on(ctx, 'ListPipelineExecutions', input.pipelineName),
  run: (input, ctx) => {
    const { pipelineName, filter, nextToken: token, maxResults: limit = PAGE } = input
    const pipeline = findPipeline(ctx, pipelineName)
    const stage = filter?.succeededInStage?.stageName
    if (stage) findStage(pipeline, stage)
    const all = filtered(
      executionsBackwards(ctx, pipelineName),
      ({ stages }) => !stage || entryOf(stages, stage)?.status === 'Succeeded',
    )
    const page = paginate(all, { token, limit, query: [pipelineName, filter], error: invalidNextToken })
    return { pipelineExecutionSummaries: page.items.map(summaryOf), nextToken: page.nextToken }
  },
})

function* filtered<T>(all: Iterable<T>, wanted: (one: T) => boolean): Iterable<T> {
  for (const one of all) if (wanted(one)) yield one
}

function summaryOf(execution: Execution) {
  const { stop, trigger } = execution
  return {
    pipelineExecutionId: execution.id,
    status: execution.status,
    statusSummary: execution.statusSummary,
    startTime: new Date(execution.started),
    lastUpdateTime: new Date(execution.updated),
    sourceRevisions: sourceArtifacts(execution).map(({ action, revision }) => ({
      actionName: action,
      revisionId: revision.id,
      revisionSummary: revision.summary,
      revisionUrl: revision.url,
    })),
    trigger: { triggerType: trigger.type, triggerDetail: trigger.detail },
    stopTrigger: stop ? { reason: stop.reason } : undefined,
    executionMode: execution.declaration.executionMode,
    executionType: execution.type,
    rollbackMetadata: rollbackOf(execution),
  }
}

export const ListActionExecutions = operation({
  service: 'codepipeline',
  name: 'ListActionExecutions',
  access: (input, ctx) => on(ctx, 'ListActionExecutions', input.pipelineName),
  run: (input, ctx) => {
    const { pipelineName, filter, nextToken: token, maxResults: limit = PAGE } = input
    findPipeline(ctx, pipelineName)
    const all = filteredRuns(ctx, pipelineName, filter)
    const page = paginate(all, { token, limit, query: [pipelineName, filter], error: invalidNextToken })
    return {
      actionExecutionDetails: page.items.map((run) =>
        detailOf(ctx, executionOf(ctx, pipelineName, run.executionId)!, run),
      ),
      nextToken: page.nextToken,
    }
  },
})

/** Newest first. */
function filteredRuns(
  ctx: Context,
  pipeline: string,
  filter: { pipelineExecutionId?: string; latestInPipelineExecution?: { pipelineExecutionId: string } } = {},
): Iterable<ActionRun> {
  const id = filter.pipelineExecutionId ?? filter.latestInPipelineExecution?.pipelineExecutionId
  if (!id) return runsBackwards(ctx, pipeline)
  const execution = findExecution(ctx, pipeline, id)
  const own = runsOf(ctx, execution)
  if (!filter.latestInPipelineExecution) return own
  const latest = new Set(Object.values(execution.stages).flatMap((stage) => Object.values(stage.actions)))
  return filtered(own, (run) => latest.has(run.id))
}

const located = (list: ActionRun['inputs']) =>
  list.map(({ name, bucket, key }) => ({ name, s3location: { bucket, key } }))

function detailOf(ctx: Context, execution: Execution, run: ActionRun) {
  const action = actionOf(execution, run)
  const { external, error } = run
  return {
    pipelineExecutionId: execution.id,
    actionExecutionId: run.id,
    pipelineVersion: execution.declaration.version,
    stageName: run.stage,
    actionName: run.action,
    startTime: new Date(run.started),
    lastUpdateTime: new Date(run.updated),
    updatedBy: run.updatedBy,
    status: run.status,
    input: {
      actionTypeId: action.actionTypeId as never,
      configuration: maskedConfiguration(ctx, action, action.configuration),
      resolvedConfiguration: maskedConfiguration(ctx, action, run.resolved),
      roleArn: action.roleArn,
      region: action.region ?? ctx.region,
      inputArtifacts: located(run.inputs),
      namespace: action.namespace,
    },
    output: {
      outputArtifacts: run.status === 'Succeeded' ? located(run.outputs) : [],
      executionResult: {
        externalExecutionId: external?.id ?? (run.progress?.token as string | undefined),
        externalExecutionSummary: external?.summary,
        externalExecutionUrl: external?.url,
        errorDetails: error,
        logStreamARN: external?.logStreamArn,
      },
      outputVariables: { ...run.variables },
    },
  }
}
