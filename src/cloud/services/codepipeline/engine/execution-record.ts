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

export function storeExecution(ctx: Context, { declaration, ...rest }: Execution): void {
  const stored: StoredExecution = { ...rest, version: declaration.version! }
  ctx.table(executionsOf(declaration.name)).put(rest.id, stored)
}
