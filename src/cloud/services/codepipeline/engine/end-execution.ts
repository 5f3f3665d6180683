/** Ending an execution, in the stage that it has come to. */
import { entryOf } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Execution, ExecutionStatus, StageStatus } from '../state.ts'
import { currentRuns, stageRunOf } from './current-runs.ts'
import { publishPipeline, publishStage } from './events.ts'
import { stageOf } from './places.ts'
import { changeExecution } from './records.ts'

const EVENTS = {
  Stopped: 'STOPPED',
  Cancelled: 'CANCELED',
  Failed: 'FAILED',
  Succeeded: 'SUCCEEDED',
} as const

/** AWS: a skipped stage has no state that EventBridge is told (detect-state-changes-cloudwatch-events). */
type EndOfStage = Extract<StageStatus, keyof typeof EVENTS | 'Skipped'>

/** Ends an execution; the stage it is in ends likewise unless its status is given. */
export function endExecution(
  ctx: Context,
  execution: Execution,
  status: Extract<ExecutionStatus, keyof typeof EVENTS>,
  stageStatus: EndOfStage = status,
): true {
  const { name: stage } = stageOf(execution)
  const ended = changeExecution(ctx, execution.declaration.name, execution.id, ({ stages, waiting }) => {
    const run = waiting ? undefined : entryOf(stages, stage)
    return {
      status,
      statusSummary: summary(ctx, execution, status),
      stages: run ? { ...stages, [stage]: { ...run, status: stageStatus } } : stages,
    }
  })
  if (!execution.waiting && stageStatus !== 'Skipped') publishStage(ctx, ended, stage, EVENTS[stageStatus])
  publishPipeline(ctx, ended, EVENTS[status])
  return true
}

function summary(ctx: Context, execution: Execution, status: ExecutionStatus): string | undefined {
  if (status === 'Stopped') return execution.stop?.reason
  if (status !== 'Failed') return undefined
  const failed = [...currentRuns(ctx, execution).values()].find((run) => run.status === 'Failed')
  if (failed) return `Action ${failed.action} in stage ${failed.stage} failed: ${failed.error?.message}`
  const conditions = Object.entries(stageRunOf(execution)?.conditions ?? {})
  const unmet = conditions.find(([, condition]) => condition.status === 'Failed')
  return unmet && `Condition ${unmet[0]} of stage ${stageOf(execution).name} failed: ${unmet[1].summary}`
}
