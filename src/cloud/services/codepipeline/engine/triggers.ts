/** What starts pipelines by itself: events that the providers of their sources wait for. */
import type { AwsError } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Context, ContextFactory } from '../../../kernel/context.ts'
import { anonymousIdentity } from '../../../kernel/identity.ts'
import { findRunner, runners } from '../providers/index.ts'
import type { Runner, Start, StartOf } from '../providers/runner.ts'
import { pipelines, type StoredPipeline } from '../state.ts'
import { beginExecution } from './begin-execution.ts'

/** Starts pipelines from now on as events come in. */
export function listenForSources(cloud: Cloud, context: ContextFactory): void {
  for (const runner of runners)
    runner.starts?.listen(cloud.bus, (startOf) => {
      for (const { account, region, table } of cloud.store.everywhere(pipelines))
        for (const pipeline of table.values()) {
          const start = firstStart(runner, startOf, pipeline, region)
          if (start) begin(context({ identity: anonymousIdentity, account, region }), pipeline, start)
        }
    })
}

/** Gives what the first source of a provider starts that an event is for. */
function firstStart(
  runner: Runner,
  startOf: StartOf,
  { declaration: pipeline }: StoredPipeline,
  region: string,
): Start | undefined {
  for (const action of pipeline.stages[0]?.actions ?? []) {
    const start = findRunner(action) === runner && startOf({ pipeline, action, region })
    if (start) return start
  }
  return undefined
}

/** AWS: what comes in beyond the limit of concurrent executions is dropped without a message. */
function begin(ctx: Context, pipeline: StoredPipeline, start: Start): void {
  try {
    beginExecution(ctx, pipeline, start)
  } catch (error) {
    if ((error as AwsError).code !== 'ConcurrentPipelineExecutionsLimitExceededException') throw error
  }
}
