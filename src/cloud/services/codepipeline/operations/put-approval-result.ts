/** PutApprovalResult: a person's answer to a manual approval. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { advance } from '../engine/advance.ts'
import { endAction } from '../engine/end-action.ts'
import { findPipeline, findStage, on } from '../engine/find.ts'
import { runsBackwards } from '../engine/history.ts'
import { ownContext } from '../engine/records.ts'
import { ActionFailure } from '../providers/runner.ts'
import type { ActionRun } from '../state.ts'

export const PutApprovalResult = operation({
  service: 'codepipeline',
  name: 'PutApprovalResult',
  access: (input, ctx) => on(ctx, 'PutApprovalResult', input.pipelineName, input.stageName, input.actionName),
  run: (input, caller) => {
    const { pipelineName: name, stageName, actionName, token, result } = input
    const stage = findStage(findPipeline(caller, name), stageName)
    if (!stage.actions.some((action) => action.name === actionName))
      throw new AwsError(
        'ActionNotFoundException',
        `The stage '${stageName}' does not have an action with name '${actionName}'`,
      )
    const ctx = ownContext(caller, name)
    const run = awaiting(ctx, name, { stage: stageName, action: actionName, token })
    if (!run) throw new AwsError('InvalidApprovalTokenException', 'Invalid approval token')
    if (run.status !== 'InProgress')
      throw new AwsError('ApprovalAlreadyCompletedException', 'The approval has already been completed')
    const by = caller.identity.arn
    const external = { summary: result.summary }
    endAction(
      ctx,
      name,
      run.id,
      result.status === 'Approved'
        ? { external }
        : new ActionFailure(`Rejected by ${by}${result.summary ? `: ${result.summary}` : ''}`, { external }),
      by,
    )
    advance(ctx, name)
    return { approvedAt: ctx.cloud.clock.date() }
  },
})

/** Gives the action execution that was given the token. */
function awaiting(
  ctx: Context,
  pipeline: string,
  { stage, action, token }: { stage: string; action: string; token: string },
): ActionRun | undefined {
  for (const run of runsBackwards(ctx, pipeline))
    if (run.stage === stage && run.action === action && run.progress?.token === token) return run
  return undefined
}
