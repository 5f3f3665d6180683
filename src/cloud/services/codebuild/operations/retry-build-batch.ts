/** RetryBuildBatch: a batch that failed runs once more, all of it or what failed. */
import { operation } from '../../../kernel/operation.ts'
import { retryBatch } from '../engine/batch/begin-batch.ts'
import { findBatch, onBatch } from '../engine/batch/find-batch.ts'
import { requestOf } from '../engine/idempotency.ts'
import { invalid } from '../engine/refusals.ts'
import { shownBatch } from '../state.ts'

/** AWS: "Only batch builds that have failed can be retried". Errors: ResourceNotFoundException, InvalidInputException. */
export const RetryBuildBatch = operation({
  service: 'codebuild',
  name: 'RetryBuildBatch',
  access: ({ id }, ctx) => (id === undefined ? [] : [onBatch(ctx, 'RetryBuildBatch', id)]),
  run: (input, ctx) => {
    if (input.id === undefined) throw invalid('A batch build id is required')
    const batch = findBatch(ctx, input.id)
    const request = requestOf(input)
    if (request && batch.request?.token === request.token && batch.request.digest === request.digest)
      return { buildBatch: shownBatch(batch) }
    if (!batch.complete || batch.buildBatchStatus === 'SUCCEEDED')
      throw invalid(`The batch build ${batch.id} cannot be retried: only one that has failed can`)
    const { retryType = 'RETRY_ALL_BUILDS' } = input
    return {
      buildBatch: shownBatch(retryBatch(ctx, batch, { again: retryType, request: request ?? batch.request })),
    }
  },
})
