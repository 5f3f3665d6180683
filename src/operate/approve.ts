/** Answering a manual approval. */
import { type CodePipelineClient, PutApprovalResultCommand } from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import type { ActionState, ExecutionState } from './pipeline-state.ts'

export interface WaitingApproval {
  readonly stage: string
  readonly action: ActionState
}

/** Gives the approvals that wait for an answer in an execution. */
export const waitingApprovals = (state: ExecutionState): WaitingApproval[] =>
  state.stages.flatMap((stage) =>
    stage.actions.filter((action) => action.approvalToken).map((action) => ({ stage: stage.name, action })),
  )

/** Approves or rejects what waits. Errors: FleetError when nothing does. */
export async function answerApprovals(
  client: CodePipelineClient,
  state: ExecutionState,
  answer: { approved: boolean; summary: string },
): Promise<WaitingApproval[]> {
  const waiting = waitingApprovals(state)
  if (!waiting.length)
    throw new FleetError(
      `no approval waits in ${state.pipeline} (execution ${state.id} is ${state.status})`,
      {
        fix: 'look with "crossdock status"',
      },
    )
  for (const { stage, action } of waiting)
    await client.send(
      new PutApprovalResultCommand({
        pipelineName: state.pipeline,
        stageName: stage,
        actionName: action.name,
        token: action.approvalToken,
        result: { status: answer.approved ? 'Approved' : 'Rejected', summary: answer.summary },
      }),
    )
  return waiting
}
