/** Running again what failed in a stage, within the same execution. */
import { entryOf, type RetryMode } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { actionRunsOf, type Execution, type StageRun } from '../state.ts'
import { publishStage } from './events.ts'
import { changeExecution } from './records.ts'

/**
 * Puts a stage back into progress; the caller lets the pipeline go on. AWS: FAILED_ACTIONS runs again what failed,
 * ALL_ACTIONS the whole stage; conditions are looked at anew.
 */
export function retryStage(
  ctx: Context,
  { id, declaration: { name } }: Execution,
  stage: string,
  { mode = 'FAILED_ACTIONS', by }: { mode?: RetryMode; by: NonNullable<StageRun['latestRetry']> },
): Execution {
  const table = ctx.table(actionRunsOf(name))
  const resumed = changeExecution(ctx, name, id, ({ stages }) => {
    const run = entryOf(stages, stage)!
    const kept = Object.entries(run.actions).filter(
      ([, runId]) => mode === 'FAILED_ACTIONS' && table.get(runId)?.status === 'Succeeded',
    )
    const retried: StageRun = {
      status: 'InProgress',
      entered: run.entered,
      actions: Object.fromEntries(kept),
      manualRetries: run.manualRetries + (by === 'ManualStageRetry' ? 1 : 0),
      autoRetries: (run.autoRetries ?? 0) + (by === 'AutomatedStageRetry' ? 1 : 0),
      latestRetry: by,
    }
    return {
      status: 'InProgress',
      statusSummary: undefined,
      stop: undefined,
      stages: { ...stages, [stage]: retried },
    }
  })
  publishStage(ctx, resumed, stage, 'RESUMED')
  return resumed
}
