/** Begins a batch build: recorded, and run in the background. */
import type { BuildGroup } from '@aws-sdk/client-codebuild'
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

/** Runs a batch that has ended once more; what its builds were is kept in their groups. */
export function retryBatch(
  ctx: Context,
  before: StoredBatch,
  { again, request }: Pick<StoredBatch, 'again' | 'request'>,
): StoredBatch {
  const { endTime: _e, ...given } = before
  const isKept = (group: BuildGroup) =>
    again === 'RETRY_FAILED_BUILDS' && group.currentBuildSummary?.buildStatus === 'SUCCEEDED'
  const batch: StoredBatch = {
    ...given,
    ...{
      again,
      request,
      buildBatchStatus: 'IN_PROGRESS',
      complete: false,
      currentPhase: 'SUBMITTED',
      phases: [],
    },
    startTime: ctx.cloud.clock.date(),
    buildGroups: before.buildGroups.map(({ currentBuildSummary: last, ...group }) =>
      isKept({ ...group, currentBuildSummary: last })
        ? { ...group, currentBuildSummary: last }
        : {
            ...group,
            ...(last && { priorBuildSummaryList: [...(group.priorBuildSummaryList ?? []), last] }),
          },
    ),
  }
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
