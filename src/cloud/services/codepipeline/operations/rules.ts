/** ListRuleExecutions and ListRuleTypes. */
import { ruleProviders } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { executionOf } from '../engine/execution-record.ts'
import { findExecution, findPipeline, invalidNextToken, on } from '../engine/find.ts'
import { ruleRunsBackwards, ruleRunsOf } from '../engine/history.ts'
import { actionOf } from '../engine/records.ts'
import type { ActionRun, Execution } from '../state.ts'

const PAGE = 100

interface Filter {
  readonly pipelineExecutionId?: string
  readonly latestInPipelineExecution?: { pipelineExecutionId: string; startTimeRange?: string }
}

/** Newest first. */
export const ListRuleExecutions = operation({
  service: 'codepipeline',
  name: 'ListRuleExecutions',
  access: (input, ctx) => on(ctx, 'ListRuleExecutions', input.pipelineName),
  run: (input, ctx) => {
    const { pipelineName, filter, nextToken: token, maxResults: limit = PAGE } = input
    findPipeline(ctx, pipelineName)
    const all = runsOf(ctx, pipelineName, filter)
    const page = paginate(all, { token, limit, query: [pipelineName, filter], error: invalidNextToken })
    return {
      ruleExecutionDetails: page.items.map((run) =>
        detailOf(ctx, executionOf(ctx, pipelineName, run.executionId)!, run),
      ),
      nextToken: page.nextToken,
    }
  },
})

/** AWS: `latestInPipelineExecution` leaves out what a retry has replaced, unless it asks for All. */
function runsOf(ctx: Context, pipeline: string, filter: Filter = {}): Iterable<ActionRun> {
  const { latestInPipelineExecution: latest, pipelineExecutionId = latest?.pipelineExecutionId } = filter
  if (!pipelineExecutionId) return ruleRunsBackwards(ctx, pipeline)
  const execution = findExecution(ctx, pipeline, pipelineExecutionId)
  const own = [...ruleRunsOf(ctx, execution)]
  return latest && latest.startTimeRange !== 'All' ? own.filter(({ id }) => idsNow(execution).has(id)) : own
}

const idsNow = ({ stages }: Execution): Set<string> =>
  new Set(
    Object.values(stages).flatMap(({ conditions = {} }) =>
      Object.values(conditions).flatMap(({ rules }) => Object.values(rules)),
    ),
  )

function detailOf(ctx: Context, execution: Execution, run: ActionRun) {
  const rule = actionOf(execution, run)
  const { external, error } = run
  return {
    pipelineExecutionId: execution.id,
    ruleExecutionId: run.id,
    pipelineVersion: execution.declaration.version,
    stageName: run.stage,
    ruleName: run.action,
    startTime: new Date(run.started),
    lastUpdateTime: new Date(run.updated),
    updatedBy: run.updatedBy,
    status: run.status,
    input: {
      ruleTypeId: rule.actionTypeId as never,
      configuration: { ...rule.configuration },
      resolvedConfiguration: { ...run.resolved },
      roleArn: rule.roleArn,
      region: rule.region ?? ctx.region,
      inputArtifacts: run.inputs.map(({ name, bucket, key }) => ({ name, s3location: { bucket, key } })),
    },
    output: {
      executionResult: {
        externalExecutionId: external?.id,
        externalExecutionSummary: error?.message ?? external?.summary,
        externalExecutionUrl: external?.url,
        errorDetails: error,
      },
    },
  }
}

export const ListRuleTypes = operation({
  service: 'codepipeline',
  name: 'ListRuleTypes',
  access: () => [{ action: 'codepipeline:ListRuleTypes', resource: '*' }],
  run: () => ({
    ruleTypes: ruleProviders.map(({ type, configuration, inputs }) => ({
      id: type as never,
      settings: {},
      ruleConfigurationProperties: Object.entries(configuration).map(([name, rule]) => ({
        name,
        required: rule.required ?? false,
        key: rule.required ?? false,
        secret: rule.secret ?? false,
        queryable: false,
      })),
      inputArtifactDetails: { minimumCount: inputs.min, maximumCount: inputs.max },
    })),
  }),
})
