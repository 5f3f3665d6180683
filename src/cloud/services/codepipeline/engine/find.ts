/** Looking up pipelines, stages and executions, with CodePipeline's words where they are missing. */
import { AwsError, type StageDeclaration } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { pipelineKind } from '../kinds.ts'
import type { Execution, StoredPipeline } from '../state.ts'
import { executionOf } from './execution-record.ts'

/** Gives the request for one action on a pipeline, or on a stage or action of it. */
export const on = (ctx: Context, action: string, ...path: string[]): AccessRequest[] => [
  pipelineKind.on(ctx, action, path),
]

/** Errors: PipelineNotFoundException. */
export const findPipeline = (ctx: Context, name: string): StoredPipeline => pipelineKind.find(ctx, [name])

/** Errors: StageNotFoundException. */
export function findStage(pipeline: StoredPipeline, name: string): StageDeclaration {
  const found = pipeline.declaration.stages.find((stage) => stage.name === name)
  if (found) return found
  throw new AwsError(
    'StageNotFoundException',
    `The pipeline '${pipeline.name}' does not have a stage with name '${name}'`,
  )
}

/** Errors: PipelineExecutionNotFoundException, or another code where the operation has no such error. */
export function findExecution(
  ctx: Context,
  pipeline: string,
  id: string,
  code = 'PipelineExecutionNotFoundException',
): Execution {
  const found = executionOf(ctx, pipeline, id)
  if (found) return found
  throw new AwsError(code, `The pipeline '${pipeline}' does not have an execution with id '${id}'`)
}

export const invalidNextToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 'The next token was specified in an invalid format.')
