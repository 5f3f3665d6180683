/** codepipeline:StopPipelineExecution. */
import { AwsError, entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { abandonRun } from '../engine/abandon-run.ts'
import { advance } from '../engine/advance.ts'
import { publishPipeline, publishStage } from '../engine/events.ts'
import { findExecution, findPipeline, on } from '../engine/find.ts'
import { isActive, runsOf } from '../engine/history.ts'
import { changeExecution, ownContext } from '../engine/records.ts'
import type { Execution } from '../state.ts'

export const StopPipelineExecution = operation({
  service: 'codepipeline',
  name: 'StopPipelineExecution',
  access: (input, ctx) => on(ctx, 'StopPipelineExecution', input.pipelineName),
  run: (input, caller) => {
    const { pipelineName: name, pipelineExecutionId: id, abandon = false, reason } = input
    findPipeline(caller, name)
    const ctx = ownContext(caller, name)
    const execution = findExecution(ctx, name, id, 'PipelineExecutionNotStoppableException')
    checkStoppable(execution, abandon)
    const stopping = changeExecution(ctx, name, id, ({ stages, waiting, declaration, stage }) => {
      const stageName = declaration.stages[stage]!.name
      const stageRun = entryOf(stages, stageName)
      return {
        status: 'Stopping',
        stop: { abandon, reason },
        stages:
          waiting || !stageRun ? stages : { ...stages, [stageName]: { ...stageRun, status: 'Stopping' } },
      }
    })
    publishPipeline(ctx, stopping, 'STOPPING')
    if (!stopping.waiting)
      publishStage(ctx, stopping, stopping.declaration.stages[stopping.stage]!.name, 'STOPPING')
    if (abandon) abandonActions(ctx, stopping)
    advance(ctx, name)
    return { pipelineExecutionId: id }
  },
})

/** AWS: stopping and waiting is not allowed twice, but abandoning may follow. */
function checkStoppable(execution: Execution, abandon: boolean): void {
  if (!isActive(execution))
    throw new AwsError(
      'PipelineExecutionNotStoppableException',
      `The pipeline execution ${execution.id} is in status ${execution.status} and cannot be stopped`,
    )
  if (execution.stop && (execution.stop.abandon || !abandon))
    throw new AwsError(
      'DuplicatedStopRequestException',
      `A stop of the pipeline execution ${execution.id} has already been requested`,
    )
}

function abandonActions(ctx: Context, execution: Execution): void {
  for (const run of runsOf(ctx, execution)) if (run.status === 'InProgress') abandonRun(ctx, execution, run)
}
