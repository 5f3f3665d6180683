/** Looking up pipelines, stages and executions, with CodePipeline's words where they are missing. */
import { AwsError, formatArn, type StageDeclaration } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Execution, pipelines, type StoredPipeline } from '../state.ts'
import { executionOf } from './execution-record.ts'

/** Gives a pipeline's ARN in the caller's account and region; a stage or action may follow its name. */
export const pipelineArn = (ctx: Context, ...path: string[]): string =>
  formatArn('codepipeline', ctx.region, ctx.account, path.join('/'))

/** Gives the request for one action on a pipeline, or on a stage or action of it. */
export const on = (ctx: Context, action: string, ...path: string[]): AccessRequest[] => [
  { action: `codepipeline:${action}`, resource: pipelineArn(ctx, ...path) },
]

/** Errors: PipelineNotFoundException. */
export function findPipeline(ctx: Context, name: string): StoredPipeline {
  const found = ctx.table(pipelines).get(name)
  if (found) return found
  throw new AwsError(
    'PipelineNotFoundException',
    `Account '${ctx.account}' does not have a pipeline with name '${name}'`,
  )
}

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
