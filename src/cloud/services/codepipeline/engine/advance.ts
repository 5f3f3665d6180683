/** Deciding what a pipeline's executions may do next: enter a stage, go on in it. */
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ActionRun, type Execution, pipelines } from '../state.ts'
import { endExecution } from './end-execution.ts'
import { publishStage } from './events.ts'
import { executionOf } from './execution-record.ts'
import { activeExecutions, isActive } from './history.ts'
import { modeOf, stageOf, waitingAt } from './places.ts'
import { proceed } from './proceed.ts'
import { changeExecution } from './records.ts'
import { runAction } from './run-action.ts'

/**
 * Lets every execution of a pipeline go as far as it can now. `ctx` acts as CodePipeline.
 * AWS: a stage holds one execution, whose failure or stop lets the next one in; PARALLEL has no such locks.
 */
export function advance(ctx: Context, pipeline: string): void {
  if (ctx.cloud.signal.aborted || !ctx.table(pipelines).has(pipeline)) return
  const run = (one: ActionRun) => runInBackground(ctx, one, pipeline)
  let moved = true
  while (moved) {
    moved = false
    for (const { id } of activeExecutions(ctx, pipeline)) {
      const execution = executionOf(ctx, pipeline, id)!
      if (!isActive(execution)) continue
      moved = (execution.waiting ? enter(ctx, execution) : proceed(ctx, execution, run)) || moved
    }
  }
}

function enter(ctx: Context, execution: Execution): boolean {
  const { name: pipeline } = execution.declaration
  const { name: stage } = stageOf(execution)
  if (execution.stop || execution.cancelled)
    return endExecution(ctx, execution, execution.stop ? 'Stopped' : 'Cancelled')
  if (entryOf(ctx.table(pipelines).get(pipeline)?.transitions, stage)?.enabled === false) return false
  if (modeOf(execution) !== 'PARALLEL') {
    const occupied = activeExecutions(ctx, pipeline).some(
      (one) => !one.waiting && stageOf(one).name === stage,
    )
    if (occupied || waitingAt(ctx, execution, stage)[0]?.id !== execution.id) return false
  }
  const entered = changeExecution(ctx, pipeline, execution.id, ({ stages }) => ({
    waiting: false,
    stages: {
      ...stages,
      [stage]: { status: 'InProgress', entered: ctx.cloud.clock.now(), actions: {}, manualRetries: 0 },
    },
  }))
  publishStage(ctx, entered, stage, 'STARTED')
  return true
}

/** Runs a recorded action or rule; when it has ended the pipeline goes on. */
export function runInBackground(ctx: Context, run: ActionRun, pipeline: string): void {
  ctx.spawn(`${pipeline} ${run.stage} ${run.action}`, (background) =>
    runAction(background, pipeline, run.id, advance),
  )
}
