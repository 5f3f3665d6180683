/** How a pipeline stands: one execution with its stages and actions, as people look at it. */
import {
  type ActionExecutionDetail,
  type CodePipelineClient,
  GetPipelineExecutionCommand,
  GetPipelineStateCommand,
  type PipelineExecutionSummary,
  type RuleExecutionDetail,
} from '@aws-sdk/client-codepipeline'
import type { Target } from '../model/index.ts'
import { CONDITION_TYPES, type ConditionType } from '../pipeline/index.ts'
import {
  actionExecutions,
  commitMessage,
  declarationOf,
  executions,
  type Revision,
  ruleExecutions,
} from './executions.ts'
import { withObject } from './missing-object.ts'

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

/** A rule of a stage's conditions that was looked at. */
export interface RuleState {
  readonly name: string
  readonly provider: string
  readonly status: Exclude<ActionStatus, 'Waiting'>
  readonly started?: number
  readonly ended?: number
  /** What it has found, or waits for. */
  readonly summary?: string
}

export interface StageState {
  readonly name: string
  readonly actions: readonly ActionState[]
  /** Absent where none was looked at. */
  readonly rules?: readonly RuleState[]
}

export interface ExecutionState {
  readonly pipeline: string
  readonly id: string
  /** AWS: InProgress, Succeeded, Failed, Stopping, Stopped, Superseded, Cancelled. */
  readonly status: string
  readonly trigger?: string
  readonly revision?: Revision
  readonly stages: readonly StageState[]
}

/** What is asked of a declaration, CodePipeline's or the assembly's. */
interface Declared {
  readonly name?: string
  readonly version?: number
  readonly stages?: readonly DeclaredStage[]
}

type DeclaredStage = {
  readonly name?: string
  readonly actions?: readonly DeclaredAction[]
} & { readonly [Type in ConditionType]?: unknown }

interface DeclaredAction {
  readonly name?: string
  readonly actionTypeId?: { readonly provider?: string; readonly category?: string }
  readonly roleArn?: string
  readonly region?: string
  readonly configuration?: Readonly<Record<string, string>>
}

/**
 * Gives how one execution stands, or undefined when there is no such execution. What is still to come is told by the
 * version of the declaration that it runs; `declaration` is the pipeline's own of now.
 */
export async function executionState(
  client: CodePipelineClient,
  declaration: Declared,
  place: Target,
  id: string,
): Promise<ExecutionState | undefined> {
  const pipelineName = declaration.name!
  const [{ pipelineExecution: execution }, details] = await Promise.all([
    client.send(new GetPipelineExecutionCommand({ pipelineName, pipelineExecutionId: id })),
    actionExecutions(client, pipelineName, id),
  ])
  if (!execution) return undefined
  const revision = execution.artifactRevisions?.[0]
  const [tokens, own] = await Promise.all([
    approvalTokens(client, pipelineName, id, details),
    ownDeclaration(client, declaration, execution.pipelineVersion),
  ])
  const rules = await rulesOf(client, own, id)
  return stateFrom({ ...execution, revision }, own, place, { details, rules, tokens })
}

/** The declaration that an execution runs: it goes on under its own when the pipeline is changed meanwhile. */
async function ownDeclaration(
  client: CodePipelineClient,
  declaration: Declared,
  version: number | undefined,
): Promise<Declared> {
  if (version === undefined || declaration.version === undefined || version === declaration.version)
    return declaration
  return declarationOf(client, declaration.name!, version)
}

/** Gives how the newest execution stands, or undefined when there is none yet. */
export async function newestState(
  client: CodePipelineClient,
  pipeline: string,
  place: Target,
): Promise<ExecutionState | undefined> {
  const [execution] = await executions(client, pipeline, 1)
  const id = execution?.pipelineExecutionId
  if (!id) return undefined
  const details = await actionExecutions(client, pipeline, id)
  const [declaration, tokens] = await Promise.all([
    declarationOf(client, pipeline, details[0]?.pipelineVersion),
    approvalTokens(client, pipeline, id, details),
  ])
  const rules = await rulesOf(client, declaration, id)
  const revision = execution.sourceRevisions?.[0]
  return stateFrom({ ...execution, revision }, declaration, place, { details, rules, tokens })
}

/** AWS: GetPipelineState alone tells the token that answers an approval; nothing else is asked of it. */
async function approvalTokens(
  client: CodePipelineClient,
  pipeline: string,
  execution: string,
  details: readonly ActionExecutionDetail[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const isWaiting = ({ status, input }: ActionExecutionDetail) =>
    status === 'InProgress' && input?.actionTypeId?.category === 'Approval'
  if (!details.some(isWaiting)) return new Map()
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipeline }))
  return new Map(
    stageStates.flatMap(({ stageName, latestExecution, actionStates = [] }) =>
      latestExecution?.pipelineExecutionId === execution
        ? actionStates.map((one) => [`${stageName}/${one.actionName}`, one.latestExecution?.token])
        : [],
    ),
  )
}

/** Nothing is asked of a pipeline that has no conditions. */
const rulesOf = async (
  client: CodePipelineClient,
  { name = '', stages = [] }: Declared,
  id: string,
): Promise<RuleExecutionDetail[]> =>
  stages.some((stage) => CONDITION_TYPES.some((type) => stage[type])) ? ruleExecutions(client, name, id) : []

/** What GetPipelineExecution and ListPipelineExecutions tell alike. */
type ToldExecution = Pick<PipelineExecutionSummary, 'pipelineExecutionId' | 'status' | 'trigger'> & {
  readonly revision?: { readonly revisionId?: string; readonly revisionSummary?: string }
}

interface Told {
  readonly details: readonly ActionExecutionDetail[]
  readonly rules: readonly RuleExecutionDetail[]
  readonly tokens: ReadonlyMap<string, string | undefined>
}

function stateFrom(
  { pipelineExecutionId: id = '', status, trigger, revision }: ToldExecution,
  declaration: Declared,
  place: Target,
  { details, rules, tokens }: Told,
): ExecutionState {
  const latest = new Map<string, ActionExecutionDetail>()
  for (const detail of details) {
    const key = `${detail.stageName}/${detail.actionName}`
    if (!latest.has(key)) latest.set(key, detail)
  }
  return {
    pipeline: declaration.name ?? '',
    id,
    status: status ?? '',
    trigger: trigger?.triggerType,
    revision: revision?.revisionId
      ? { id: revision.revisionId, summary: commitMessage(revision.revisionSummary) }
      : undefined,
    stages: (declaration.stages ?? []).map((stage) => ({
      name: stage.name ?? '',
      actions: (stage.actions ?? []).map((action): ActionState => {
        const key = `${stage.name}/${action.name}`
        return actionState(action, place, latest.get(key), tokens.get(key))
      }),
      ...ruleStates(rules.filter(({ stageName }) => stageName === stage.name)),
    })),
  }
}

/** The latest of each, in the order in which they began. */
function ruleStates(details: readonly RuleExecutionDetail[]): Pick<StageState, 'rules'> {
  const latest = new Map<string | undefined, RuleExecutionDetail>()
  for (const detail of details) if (!latest.has(detail.ruleName)) latest.set(detail.ruleName, detail)
  if (!latest.size) return {}
  return { rules: [...latest.values()].reverse().map(ruleState) }
}

function ruleState({
  ruleName,
  status,
  startTime,
  lastUpdateTime,
  input,
  output,
}: RuleExecutionDetail): RuleState {
  const { externalExecutionSummary: summary, errorDetails: error } = output?.executionResult ?? {}
  return {
    name: ruleName ?? '',
    provider: input?.ruleTypeId?.provider ?? '',
    status: status ?? 'InProgress',
    started: startTime?.getTime(),
    ended: status === 'InProgress' ? undefined : lastUpdateTime?.getTime(),
    summary: error?.message ?? summary,
  }
}

function actionState(
  action: DeclaredAction,
  place: Target,
  detail: ActionExecutionDetail | undefined,
  token: string | undefined,
): ActionState {
  // As it ran, where it ran: the declaration may have changed since.
  const { actionTypeId, roleArn, region, configuration } = detail?.input ?? action
  const result = detail?.output?.executionResult
  const ended = detail && detail.status !== 'InProgress'
  return {
    id: detail?.actionExecutionId,
    name: action.name ?? '',
    provider: actionTypeId?.provider ?? '',
    category: actionTypeId?.category ?? '',
    account: roleArn?.split(':')[4] ?? place.account,
    region: region ?? place.region,
    status: (detail?.status as ActionStatus | undefined) ?? 'Waiting',
    started: detail?.startTime?.getTime(),
    ended: ended ? detail.lastUpdateTime?.getTime() : undefined,
    summary: result?.externalExecutionSummary,
    error: result?.errorDetails
      ? {
          code: result.errorDetails.code ?? '',
          message: withObject(result.errorDetails.message ?? '', detail?.input),
        }
      : undefined,
    externalExecutionId: result?.externalExecutionId,
    approvalToken: detail?.status === 'InProgress' ? token : undefined,
    configuration: configuration ?? {},
  }
}
