/** How a pipeline stands: one execution with its stages and actions, as people look at it. */
import {
  type ActionExecutionDetail,
  type CodePipelineClient,
  GetPipelineCommand,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  type PipelineDeclaration,
  type PipelineExecutionSummary,
} from '@aws-sdk/client-codepipeline'

export type ActionStatus = 'Waiting' | 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned'

export interface ActionState {
  /** Of the action's execution; absent before it starts. */
  readonly id?: string
  readonly name: string
  readonly provider: string
  readonly category: string
  readonly account: string
  readonly region: string
  readonly status: ActionStatus
  /** Milliseconds since 1970. */
  readonly started?: number
  readonly ended?: number
  readonly summary?: string
  readonly error?: { readonly code: string; readonly message: string }
  readonly externalExecutionId?: string
  /** Set while a manual approval waits for its answer. */
  readonly approvalToken?: string
  readonly configuration: Readonly<Record<string, string>>
}

export interface StageState {
  readonly name: string
  readonly actions: readonly ActionState[]
}

export interface ExecutionState {
  readonly pipeline: string
  readonly id: string
  /** AWS: InProgress, Succeeded, Failed, Stopping, Stopped, Superseded, Cancelled. */
  readonly status: string
  readonly trigger?: string
  readonly revision?: { readonly id: string; readonly summary?: string }
  readonly stages: readonly StageState[]
}

/** Gives the newest executions, newest first. */
export async function executions(
  client: CodePipelineClient,
  pipeline: string,
): Promise<PipelineExecutionSummary[]> {
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: pipeline }),
  )
  return pipelineExecutionSummaries
}

export async function declarationOf(
  client: CodePipelineClient,
  pipeline: string,
): Promise<PipelineDeclaration> {
  const { pipeline: found } = await client.send(new GetPipelineCommand({ name: pipeline }))
  return found!
}

/** Gives how one execution stands, or undefined when there is no such execution. */
export async function executionState(
  client: CodePipelineClient,
  declaration: PipelineDeclaration,
  place: { account: string; region: string },
  id: string,
): Promise<ExecutionState | undefined> {
  const pipeline = declaration.name!
  const [{ pipelineExecution: execution }, details, { stageStates = [] }] = await Promise.all([
    client.send(new GetPipelineExecutionCommand({ pipelineName: pipeline, pipelineExecutionId: id })),
    actionExecutions(client, pipeline, id),
    client.send(new GetPipelineStateCommand({ name: pipeline })),
  ])
  if (!execution) return undefined
  const tokens = new Map(
    stageStates.flatMap((stage) =>
      stage.latestExecution?.pipelineExecutionId === id
        ? (stage.actionStates ?? []).map((one) => [
            `${stage.stageName}/${one.actionName}`,
            one.latestExecution?.token,
          ])
        : [],
    ),
  )
  const latest = new Map<string, ActionExecutionDetail>()
  for (const detail of details) {
    const key = `${detail.stageName}/${detail.actionName}`
    if (!latest.has(key)) latest.set(key, detail)
  }
  const revision = execution.artifactRevisions?.[0]
  return {
    pipeline,
    id,
    status: execution.status ?? '',
    trigger: execution.trigger?.triggerType,
    revision: revision?.revisionId
      ? { id: revision.revisionId, summary: commitMessage(revision.revisionSummary) }
      : undefined,
    stages: (declaration.stages ?? []).map((stage) => ({
      name: stage.name ?? '',
      actions: (stage.actions ?? []).map((action): ActionState => {
        const key = `${stage.name}/${action.name}`
        return actionState(action, place, latest.get(key), tokens.get(key))
      }),
    })),
  }
}

/** AWS: a connection's revision summary is a JSON document with the provider and the commit's message. */
function commitMessage(summary: string | undefined): string | undefined {
  if (!summary?.startsWith('{')) return summary
  try {
    return (JSON.parse(summary) as { CommitMessage?: string }).CommitMessage ?? summary
  } catch {
    return summary
  }
}

type DeclaredAction = NonNullable<NonNullable<PipelineDeclaration['stages']>[number]['actions']>[number]

function actionState(
  action: DeclaredAction,
  place: { account: string; region: string },
  detail: ActionExecutionDetail | undefined,
  token: string | undefined,
): ActionState {
  const result = detail?.output?.executionResult
  const ended = detail && detail.status !== 'InProgress'
  return {
    id: detail?.actionExecutionId,
    name: action.name ?? '',
    provider: action.actionTypeId?.provider ?? '',
    category: action.actionTypeId?.category ?? '',
    account: action.roleArn?.split(':')[4] ?? place.account,
    region: action.region ?? place.region,
    status: (detail?.status as ActionStatus | undefined) ?? 'Waiting',
    started: detail?.startTime?.getTime(),
    ended: ended ? detail.lastUpdateTime?.getTime() : undefined,
    summary: result?.externalExecutionSummary,
    error: result?.errorDetails
      ? { code: result.errorDetails.code ?? '', message: result.errorDetails.message ?? '' }
      : undefined,
    externalExecutionId: result?.externalExecutionId,
    approvalToken: detail?.status === 'InProgress' ? token : undefined,
    configuration: action.configuration ?? {},
  }
}

/** Newest first, so that a retried action's last try comes first. */
export async function actionExecutions(
  client: CodePipelineClient,
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<ActionExecutionDetail[]> {
  const details: ActionExecutionDetail[] = []
  let nextToken: string | undefined
  do {
    const page = await client.send(
      new ListActionExecutionsCommand({ pipelineName, filter: { pipelineExecutionId }, nextToken }),
    )
    details.push(...(page.actionExecutionDetails ?? []))
    nextToken = page.nextToken
  } while (nextToken)
  return details
}
