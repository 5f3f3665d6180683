/** Steering executions by hand: stopping them, trying a stage again, rolling it back, holding what would enter it. */
import {
  CodePipelineClient,
  DisableStageTransitionCommand,
  EnableStageTransitionCommand,
  RetryStageExecutionCommand,
  RollbackStageCommand,
  StopPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import type { Home } from './execution.ts'
import { type PastExecution, pastExecution, shippedThrough } from './executions.ts'
import type { ExecutionState } from './pipeline-state.ts'

export interface StopOptions {
  readonly reason: string
  /** Leaves running actions to themselves; otherwise they end first. */
  readonly abandon: boolean
}

/** AWS: at most so many characters of a reason to stop. */
const REASON_LIMIT = 200

/** Stops an execution. Errors: AWS's, as where it has ended or is being stopped already. */
export async function stopExecution(
  { accounts, hub }: Home,
  pipelineName: string,
  pipelineExecutionId: string,
  { reason, abandon }: StopOptions,
): Promise<void> {
  const client = await accounts.client(CodePipelineClient, hub)
  await client.send(
    new StopPipelineExecutionCommand({
      pipelineName,
      pipelineExecutionId,
      abandon,
      reason: reason.slice(0, REASON_LIMIT),
    }),
  )
}

/** Gives the stage that an execution failed or was stopped in. Errors: FleetError where it did neither. */
export function failedStage({ pipeline, id, status, stages }: ExecutionState): string {
  const reached = stages.filter(({ actions }) => actions.some((action) => action.status !== 'Waiting'))
  const last = reached.at(-1)
  if (last && (status === 'Failed' || status === 'Stopped')) return last.name
  throw new FleetError(`the execution ${id} of ${pipeline} is ${status}: no stage of it can be tried again`, {
    fix: `look with "crossdock status ${pipeline}"`,
  })
}

/**
 * Tries a stage of an execution again: the actions that failed, or all of them. Errors: AWS's, as where the pipeline
 * has changed since or another execution has been in the stage.
 */
export async function retryStage(
  { accounts, hub }: Home,
  { pipeline, id }: Pick<ExecutionState, 'pipeline' | 'id'>,
  stageName: string,
  retryMode: 'FAILED_ACTIONS' | 'ALL_ACTIONS',
): Promise<void> {
  const client = await accounts.client(CodePipelineClient, hub)
  await client.send(
    new RetryStageExecutionCommand({
      pipelineName: pipeline,
      pipelineExecutionId: id,
      stageName,
      retryMode,
    }),
  )
}

/** What a rollback would do. */
export interface Rollback {
  readonly stage: string
  /** What was last shipped through the stage; absent where nothing was. */
  readonly from?: PastExecution
  readonly to: PastExecution
}

/**
 * Gives what rolling a stage back would do: to the execution that is named, or to the one before the last that
 * succeeded in it. AWS: an execution that succeeded in the stage, and is no rollback itself.
 * Errors: FleetError where there is none to go back to.
 */
export async function rollbackOf(
  { accounts, hub }: Home,
  pipeline: string,
  stage: string,
  to?: string,
): Promise<Rollback> {
  const client = await accounts.client(CodePipelineClient, hub)
  const found = (await shippedThrough(client, pipeline, stage)).map(pastExecution)
  const [from] = found
  const isSame = ({ id }: PastExecution) => id === from?.id || id === from?.target
  const candidates = found.filter((one) => one.target === undefined)
  const target = to ? candidates.find(({ id }) => id === to) : candidates.find((one) => !isSame(one))
  if (target) return { stage, to: target, ...(from && { from }) }
  throw new FleetError(
    to
      ? `the execution ${to} did not succeed in the stage ${stage} of ${pipeline}, or is itself a rollback`
      : `nothing else was ever shipped through the stage ${stage} of ${pipeline}: there is nothing to go back to`,
    { fix: `see what was: "crossdock releases ${pipeline} --stage ${stage}"` },
  )
}

/** Rolls a stage back, and gives the execution that does it. Errors: AWS's. */
export async function rollBack(
  { accounts, hub }: Home,
  pipelineName: string,
  { stage: stageName, to }: Rollback,
): Promise<string> {
  const client = await accounts.client(CodePipelineClient, hub)
  const { pipelineExecutionId = '' } = await client.send(
    new RollbackStageCommand({ pipelineName, stageName, targetPipelineExecutionId: to.id }),
  )
  return pipelineExecutionId
}

/** Holds whatever would enter a stage, with the reason. Errors: AWS's. */
export async function pauseStage(
  { accounts, hub }: Home,
  pipelineName: string,
  stageName: string,
  reason: string,
): Promise<void> {
  const client = await accounts.client(CodePipelineClient, hub)
  await client.send(
    new DisableStageTransitionCommand({ pipelineName, stageName, transitionType: 'Inbound', reason }),
  )
}

/** Lets into a stage again. Errors: AWS's. */
export async function resumeStage(
  { accounts, hub }: Home,
  pipelineName: string,
  stageName: string,
): Promise<void> {
  const client = await accounts.client(CodePipelineClient, hub)
  await client.send(new EnableStageTransitionCommand({ pipelineName, stageName, transitionType: 'Inbound' }))
}
