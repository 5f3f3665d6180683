/** Where a pipeline stands, stage by stage: what was last shipped there, what waits, what failed, what is held. */
import {
  type ActionState,
  CodePipelineClient,
  GetPipelineStateCommand,
  type StageState,
} from '@aws-sdk/client-codepipeline'
import type { PipelineDeclaration } from '../model/index.ts'
import type { Home } from './execution.ts'
import { executions, type PastExecution, pastExecution, shippedThrough } from './executions.ts'

export interface Standing {
  /** AWS's name of the pipeline. */
  readonly pipeline: string
  /** Absent where it has not run yet. */
  readonly newest?: PastExecution
  readonly stages: readonly StageStanding[]
}

export interface StageStanding {
  readonly name: string
  /** Whether it ships something: it has an action that deploys. */
  readonly ships: boolean
  /** The last execution that succeeded in it, and when it did; only of a stage that ships. */
  readonly shipped?: { readonly execution: PastExecution; readonly at?: number }
  /** The execution that was last in it. */
  readonly latest?: { readonly id: string; readonly status: string }
  /** Approvals that wait in it. */
  readonly waiting: readonly WaitingAnswer[]
  /** What its first failed action says, where its latest execution failed. */
  readonly failure?: { readonly action: string; readonly message: string }
  /** Nothing enters it: somebody said so, for this reason. */
  readonly paused?: { readonly reason: string; readonly by?: string }
}

/** An approval that waits for its answer. */
export interface WaitingAnswer {
  readonly stage: string
  readonly action: string
  readonly execution: string
  /** Milliseconds since 1970. */
  readonly since?: number
}

/** The names of the stages that ship something: that have an action which deploys. */
export const shippingStages = ({ stages }: Pick<PipelineDeclaration, 'stages'>): string[] =>
  stages
    .filter(({ actions }) => actions.some(({ actionTypeId }) => actionTypeId.category === 'Deploy'))
    .map(({ name }) => name)

/** So many of the newest executions are asked for: what ran in a stage last is mostly one of them. */
const RECENT = 25

/**
 * Gives where a pipeline stands, with two calls where its stages were last left by executions that succeeded in them,
 * and one more for each other stage that ships. AWS: a PARALLEL pipeline has no state, so nothing is known of what waits
 * in it. Errors: AWS's.
 */
export async function standing(
  { accounts, hub }: Home,
  { name, stages }: PipelineDeclaration,
): Promise<Standing> {
  const client = await accounts.client(CodePipelineClient, hub)
  const [state, recent] = await Promise.all([
    client.send(new GetPipelineStateCommand({ name })),
    executions(client, name, RECENT),
  ])
  const known = new Map(recent.map((one) => [one.pipelineExecutionId, pastExecution(one)]))
  const shipping = new Set(shippingStages({ stages }))
  const found = (state.stageStates ?? []).map(async (stage): Promise<StageStanding> => {
    const ships = shipping.has(stage.stageName ?? '')
    const shipped = ships ? await shipment(client, name, stage, known) : undefined
    return { ...stageStanding(stage), ships, ...(shipped && { shipped }) }
  })
  const [newest] = known.values()
  return { pipeline: name, stages: await Promise.all(found), ...(newest && { newest }) }
}

async function shipment(
  client: CodePipelineClient,
  pipeline: string,
  { stageName = '', latestExecution, actionStates = [] }: StageState,
  known: ReadonlyMap<string | undefined, PastExecution>,
): Promise<StageStanding['shipped']> {
  const execution = known.get(latestExecution?.pipelineExecutionId)
  if (execution && latestExecution?.status === 'Succeeded') {
    const ended = actionStates.map(({ latestExecution: last }) => last?.lastStatusChange?.getTime() ?? 0)
    return { execution, at: Math.max(0, ...ended) || execution.updated }
  }
  const [last] = await shippedThrough(client, pipeline, stageName, 1)
  return last && { execution: pastExecution(last), at: last.lastUpdateTime?.getTime() }
}

function stageStanding({
  stageName: name = '',
  latestExecution: latest,
  actionStates = [],
  inboundTransitionState: inbound,
}: StageState): Omit<StageStanding, 'ships'> {
  const id = latest?.pipelineExecutionId ?? ''
  const failed =
    latest?.status === 'Failed'
      ? actionStates.find((one) => one.latestExecution?.status === 'Failed')
      : undefined
  return {
    name,
    waiting: waitingAnswers(name, id, actionStates),
    ...(latest && { latest: { id, status: latest.status ?? '' } }),
    ...(failed && {
      failure: {
        action: failed.actionName ?? '',
        message: failed.latestExecution?.errorDetails?.message ?? failed.latestExecution?.summary ?? '',
      },
    }),
    ...(inbound?.enabled === false && {
      paused: { reason: inbound.disabledReason ?? '', by: inbound.lastChangedBy },
    }),
  }
}

/** AWS: an action has a token only while it waits for an answer. */
const waitingAnswers = (stage: string, execution: string, actions: readonly ActionState[]): WaitingAnswer[] =>
  actions
    .filter(({ latestExecution }) => latestExecution?.token && latestExecution.status === 'InProgress')
    .map(({ actionName: action = '', latestExecution }) => ({
      stage,
      action,
      execution,
      since: latestExecution?.lastStatusChange?.getTime(),
    }))

/** The approvals that wait anywhere in a pipeline, each with its execution: there may be several at once. Errors: AWS's. */
export async function waitingIn({ accounts, hub }: Home, pipeline: string): Promise<WaitingAnswer[]> {
  const client = await accounts.client(CodePipelineClient, hub)
  const { stageStates = [] } = await client.send(new GetPipelineStateCommand({ name: pipeline }))
  return stageStates.flatMap((stage) => stageStanding(stage).waiting)
}
