/** What CodePipeline tells of a pipeline's executions, as it tells it; and their history, page by page. */
import {
  type ActionExecutionDetail,
  CodePipelineClient,
  GetPipelineCommand,
  ListActionExecutionsCommand,
  ListPipelineExecutionsCommand,
  ListRuleExecutionsCommand,
  type PipelineDeclaration,
  type PipelineExecutionSummary,
  type RuleExecutionDetail,
} from '@aws-sdk/client-codepipeline'
import type { LiveFleet } from './live-fleet.ts'

/** Gives the newest executions, newest first: a page of them, or at most so many. */
export async function executions(
  client: CodePipelineClient,
  pipeline: string,
  maxResults?: number,
): Promise<PipelineExecutionSummary[]> {
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults }),
  )
  return pipelineExecutionSummaries
}

/** Gives the declaration of a pipeline as it is now, or as it was in a version. */
export async function declarationOf(
  client: CodePipelineClient,
  pipeline: string,
  version?: number,
): Promise<PipelineDeclaration> {
  const { pipeline: found } = await client.send(new GetPipelineCommand({ name: pipeline, version }))
  return found!
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

/** Newest first, as actions. */
export async function ruleExecutions(
  client: CodePipelineClient,
  pipelineName: string,
  pipelineExecutionId: string,
): Promise<RuleExecutionDetail[]> {
  const details: RuleExecutionDetail[] = []
  let nextToken: string | undefined
  do {
    const page = await client.send(
      new ListRuleExecutionsCommand({ pipelineName, filter: { pipelineExecutionId }, nextToken }),
    )
    details.push(...(page.ruleExecutionDetails ?? []))
    nextToken = page.nextToken
  } while (nextToken)
  return details
}

/** What a revision is called: its id, and the message of its commit where there is one. */
export interface Revision {
  readonly id: string
  readonly summary?: string
}

/** One execution as the history of its pipeline tells it. */
export interface PastExecution {
  readonly id: string
  /** AWS: InProgress, Succeeded, Failed, Stopping, Stopped, Superseded, Cancelled. */
  readonly status: string
  readonly trigger?: string
  /** Of each source action; none before the sources have run. */
  readonly revisions: readonly Revision[]
  /** Milliseconds since 1970. */
  readonly started?: number
  readonly updated?: number
  /** Who or what started it, as AWS tells it: an ARN, mostly. */
  readonly startedBy?: string
  /** The execution that a rollback went back to. */
  readonly target?: string
}

export interface HistoryPage {
  /** Newest first. */
  readonly executions: readonly PastExecution[]
  /** Names the page of older ones; absent on the last. */
  readonly next?: string
}

/**
 * Gives a page of a pipeline's executions, the newest page unless another is named. Errors: AWS's.
 * AWS: at most a hundred on a page, and none that is older than a year.
 */
export async function history(
  { accounts, hub }: Pick<LiveFleet, 'accounts' | 'hub'>,
  pipeline: string,
  { page, size }: { page?: string; size?: number } = {},
): Promise<HistoryPage> {
  const client = await accounts.client(CodePipelineClient, hub)
  const { pipelineExecutionSummaries = [], nextToken } = await client.send(
    new ListPipelineExecutionsCommand({ pipelineName: pipeline, maxResults: size, nextToken: page }),
  )
  return { executions: pipelineExecutionSummaries.map(pastExecution), ...(nextToken && { next: nextToken }) }
}

/**
 * Gives a page of the executions that succeeded in a stage, newest first; at most so many. Errors: AWS's.
 * AWS: ListPipelineExecutions, `succeededInStage`.
 */
export async function shippedThrough(
  client: CodePipelineClient,
  pipelineName: string,
  stageName: string,
  maxResults?: number,
): Promise<PipelineExecutionSummary[]> {
  const { pipelineExecutionSummaries = [] } = await client.send(
    new ListPipelineExecutionsCommand({
      pipelineName,
      maxResults,
      filter: { succeededInStage: { stageName } },
    }),
  )
  return pipelineExecutionSummaries
}

/** An execution as `history` tells it. */
export const pastExecution = (one: PipelineExecutionSummary): PastExecution => ({
  id: one.pipelineExecutionId ?? '',
  status: one.status ?? '',
  trigger: one.trigger?.triggerType,
  startedBy: one.trigger?.triggerDetail,
  target: one.rollbackMetadata?.rollbackTargetPipelineExecutionId,
  revisions: (one.sourceRevisions ?? []).map(({ revisionId = '', revisionSummary }) => ({
    id: revisionId,
    summary: commitMessage(revisionSummary),
  })),
  started: one.startTime?.getTime(),
  updated: one.lastUpdateTime?.getTime(),
})

/** AWS: a connection's revision summary is a JSON document with the provider and the commit's message. */
export function commitMessage(summary: string | undefined): string | undefined {
  if (!summary?.startsWith('{')) return summary
  try {
    return (JSON.parse(summary) as { CommitMessage?: string }).CommitMessage ?? summary
  } catch {
    return summary
  }
}
