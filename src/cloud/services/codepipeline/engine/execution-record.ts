/** Executions as they are stored: with the number of the pipeline's version in the place of its declaration. */
import type { Context } from '../../../kernel/context.ts'
import { type Execution, executionsOf, pipelines, type StoredExecution } from '../state.ts'

/** Gives an execution; undefined where there is none, or no pipeline any more. */
export function executionOf(ctx: Context, pipeline: string, id: string): Execution | undefined {
  const stored = ctx.table(executionsOf(pipeline)).get(id)
  const versions = ctx.table(pipelines).get(pipeline)?.versions
  if (!stored || !versions) return undefined
  const { version, ...rest } = stored
  return { ...rest, declaration: versions[version - 1]! }
}

/**
 * Stores an execution, as one literal: V8 gives each object that was spread into another a shape of its own, which takes
 * more memory than the record.
 */
export function storeExecution(ctx: Context, execution: Execution): void {
  const { declaration } = execution
  const stored = {
    id: execution.id,
    number: execution.number,
    type: execution.type,
    rollbackTarget: execution.rollbackTarget,
    status: execution.status,
    statusSummary: execution.statusSummary,
    started: execution.started,
    updated: execution.updated,
    trigger: execution.trigger,
    clientRequestToken: execution.clientRequestToken,
    variables: execution.variables,
    overrides: execution.overrides,
    stage: execution.stage,
    waiting: execution.waiting,
    stages: execution.stages,
    artifacts: execution.artifacts,
    outputs: execution.outputs,
    stop: execution.stop,
    cancelled: execution.cancelled,
    buckets: execution.buckets,
    version: declaration.version!,
  } satisfies StoredExecution & Record<keyof StoredExecution, unknown>
  ctx.table(executionsOf(declaration.name)).put(stored.id, stored)
}
