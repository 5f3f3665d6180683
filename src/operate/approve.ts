/** Answering a manual approval. */
import { CodePipelineClient, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { mayHaveActed } from '../aws/index.ts'
import { FleetError } from '../model/index.ts'
import { actionsOf, type Home, type PlacedAction } from './execution.ts'
import { actionExecutions } from './executions.ts'
import type { ActionState, ExecutionState } from './pipeline-state.ts'

export type WaitingApproval = PlacedAction

/** Gives the approvals that wait for an answer in an execution. */
export const waitingApprovals = (state: ExecutionState): WaitingApproval[] =>
  actionsOf(state).filter(({ action }) => action.approvalToken)

export interface Answer {
  readonly approved: boolean
  readonly summary: string
}

/** Approves or rejects what waits. Errors: FleetError when nothing does. */
export async function answerApprovals(
  client: CodePipelineClient,
  state: ExecutionState,
  answer: Answer,
): Promise<WaitingApproval[]> {
  const waiting = waitingApprovals(state)
  if (!waiting.length)
    throw new FleetError(
      `no approval waits in ${state.pipeline} (execution ${state.id} is ${state.status})`,
      {
        fix: 'look with "crossdock status"',
      },
    )
  for (const approval of waiting) await put(client, state, approval, answer)
  return waiting
}

/** As `answerApprovals`, in the fleet's hub. */
export const answerWaiting = async (
  { accounts, hub }: Home,
  state: ExecutionState,
  answer: Answer,
): Promise<WaitingApproval[]> =>
  answerApprovals(await accounts.client(CodePipelineClient, hub), state, answer)

async function put(
  client: CodePipelineClient,
  state: ExecutionState,
  { stage, action }: WaitingApproval,
  answer: Answer,
): Promise<void> {
  const asked = new PutApprovalResultCommand({
    pipelineName: state.pipeline,
    stageName: stage,
    actionName: action.name,
    token: action.approvalToken,
    result: { status: answer.approved ? 'Approved' : 'Rejected', summary: answer.summary },
  })
  await client.send(asked).catch(async (error: Error) => {
    // The call has no client token: when the answer to a try was lost, the next one finds its own approval.
    const taken = /^(ApprovalAlreadyCompleted|InvalidApprovalToken)Exception$/.test(error.name)
    if (taken && mayHaveActed(error) && (await isAnswered(client, state, action, answer))) return
    throw error
  })
}

/** Whether the approval ended as this answer ends it, with its words. */
async function isAnswered(
  client: CodePipelineClient,
  state: ExecutionState,
  action: ActionState,
  { approved, summary }: Answer,
): Promise<boolean> {
  const all = await actionExecutions(client, state.pipeline, state.id)
  const found = all.find((one) => one.actionExecutionId === action.id)
  return (
    found?.status === (approved ? 'Succeeded' : 'Failed') &&
    found.output?.executionResult?.externalExecutionSummary === summary
  )
}
