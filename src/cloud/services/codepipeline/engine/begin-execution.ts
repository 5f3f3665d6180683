/** Beginning a new execution of a pipeline. */
import type { Context } from '../../../kernel/context.ts'
import type { Execution, StoredPipeline } from '../state.ts'
import { advance } from './advance.ts'
import { type Beginning, recordExecution } from './record-execution.ts'
import { ownContext } from './records.ts'

/** Records an execution and lets it go. Errors: ConcurrentPipelineExecutionsLimitExceededException. */
export function beginExecution(caller: Context, pipeline: StoredPipeline, beginning: Beginning): Execution {
  const ctx = ownContext(caller, pipeline.name)
  const execution = recordExecution(ctx, pipeline, beginning)
  advance(ctx, pipeline.name)
  return execution
}
