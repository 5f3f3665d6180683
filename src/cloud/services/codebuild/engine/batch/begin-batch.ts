/** Begins a batch build: recorded, and run in the background. */
import type { Context } from '../../../../kernel/context.ts'
import { batches, projects, type StoredBatch, type StoredProject } from '../../state.ts'
import { tellBatch } from '../tell-status.ts'
import { endBatch } from './batch-run.ts'
import { newBatch, type StartBatchInput } from './new-batch.ts'
import { runBatch } from './run-batch.ts'

/** Gives the record of the batch that begins. Errors: InvalidInputException. */
export function beginBatch(
  ctx: Context,
  project: StoredProject,
  input: StartBatchInput,
  more: Partial<StoredBatch> = {},
): StoredBatch {
  const batch = { ...newBatch(ctx, project, input), ...more }
  ctx.table(projects).put(project.name, { ...project, batchCount: batch.buildBatchNumber! })
  ctx.table(batches).put(batch.id, batch)
  tellBatch(ctx, batch)
  launch(ctx, batch)
  return batch
}

/** Runs a recorded batch in the background, with its timeout. */
function launch(ctx: Context, batch: StoredBatch): void {
  const over = new AbortController()
  const timeout = (batch.buildBatchConfig?.timeoutInMins ?? 480) * 60_000
  void ctx.cloud.clock.sleep(timeout, over.signal).then(() => {
    if (!over.signal.aborted) endBatch(ctx.cloud, batch.arn, 'TIMED_OUT')
  })
  const stopped = () => endBatch(ctx.cloud, batch.arn, 'FAULT')
  ctx.cloud.signal.addEventListener('abort', stopped)
  ctx.spawn(`batch build ${batch.id}`, async (background) => {
    try {
      await runBatch(background, batch.id)
    } finally {
      over.abort()
      ctx.cloud.signal.removeEventListener('abort', stopped)
    }
  })
}
