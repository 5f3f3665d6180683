/** The record that an execution begins with, in front of the stage where it starts. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import {
  type Execution,
  executionsOf,
  type SourceOverride,
  type StoredPipeline,
  type Trigger,
} from '../state.ts'
import { publishPipeline } from './events.ts'
import { activeExecutions, putExecution } from './history.ts'
import { supersede } from './places.ts'

/** Executions that a QUEUED or PARALLEL pipeline has at the same time. */
const CONCURRENT_EXECUTIONS = 50

/** What may be given to a new execution. */
export interface Beginning {
  readonly trigger: Trigger
  readonly variables?: Readonly<Record<string, string>>
  readonly overrides?: readonly SourceOverride[]
  readonly clientRequestToken?: string
  /** For a rollback: where it starts and what it takes over. */
  readonly rollback?: Pick<Execution, 'rollbackTarget' | 'stage' | 'artifacts' | 'outputs' | 'stages'>
}

/** Records an execution. `ctx` acts as CodePipeline. Errors: ConcurrentPipelineExecutionsLimitExceededException. */
export function recordExecution(ctx: Context, pipeline: StoredPipeline, beginning: Beginning): Execution {
  const { declaration } = pipeline
  const table = ctx.table(executionsOf(pipeline.name))
  const limited = declaration.executionMode === 'QUEUED' || declaration.executionMode === 'PARALLEL'
  if (limited && activeExecutions(ctx, pipeline.name).length >= CONCURRENT_EXECUTIONS)
    throw new AwsError(
      'ConcurrentPipelineExecutionsLimitExceededException',
      `The pipeline has reached the limit of ${CONCURRENT_EXECUTIONS} concurrent executions`,
    )
  const now = ctx.cloud.clock.now()
  const defaults = (declaration.variables ?? []).flatMap(({ name, defaultValue }) =>
    defaultValue === undefined ? [] : [[name, defaultValue] as const],
  )
  const execution: Execution = {
    id: ctx.cloud.ids.uuid(),
    number: table.size + 1,
    declaration,
    type: beginning.rollback ? 'ROLLBACK' : 'STANDARD',
    status: 'InProgress',
    started: now,
    updated: now,
    trigger: beginning.trigger,
    clientRequestToken: beginning.clientRequestToken,
    variables: { ...Object.fromEntries(defaults), ...beginning.variables },
    overrides: beginning.overrides ?? [],
    stage: 0,
    waiting: true,
    stages: {},
    artifacts: {},
    outputs: {},
    buckets: {},
    ...beginning.rollback,
  }
  putExecution(ctx, execution)
  publishPipeline(ctx, execution, 'STARTED')
  supersede(ctx, execution)
  return execution
}
