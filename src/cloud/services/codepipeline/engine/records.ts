/** Changing the records of executions and action executions. */
import { type ActionDeclaration, formatArn } from '../../../../model/index.ts'
import { actionOfRule, conditionOf } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { type ActionRun, actionRunsOf, type Execution } from '../state.ts'
import { executionOf } from './execution-record.ts'
import { putExecution, putRun } from './history.ts'

/** Gives a context of the pipeline's account and region, the same by default, in which CodePipeline acts by itself for it. */
export function ownContext(
  ctx: Context,
  pipeline: string,
  { account, region }: { readonly account: string; readonly region: string } = ctx,
): Context {
  const arn = formatArn('codepipeline', region, account, pipeline)
  return ctx.as(serviceIdentity(servicePrincipal('codepipeline'), { arn, account }), { account, region })
}

/**
 * Changes what is there now, which may be newer than what the caller read.
 * Errors: a plain one when the pipeline was deleted meanwhile.
 */
export function changeExecution(
  ctx: Context,
  pipeline: string,
  id: string,
  change: Partial<Execution> | ((now: Execution) => Partial<Execution>),
): Execution {
  const now = executionOf(ctx, pipeline, id) ?? deleted(pipeline)
  const changes = typeof change === 'function' ? change(now) : change
  const next = { ...now, ...changes, updated: ctx.cloud.clock.now() }
  putExecution(ctx, next)
  return next
}

export function changeRun(
  ctx: Context,
  pipeline: string,
  id: string,
  changes: Partial<ActionRun>,
): ActionRun {
  const table = ctx.table(actionRunsOf(pipeline))
  const next = { ...(table.get(id) ?? deleted(pipeline)), ...changes, updated: ctx.cloud.clock.now() }
  putRun(ctx, pipeline, next)
  return next
}

function deleted(pipeline: string): never {
  throw new Error(`the pipeline ${pipeline} was deleted`)
}

/** Gives the declaration of a recorded action; of a rule, that of the action which it is like. */
export function actionOf(execution: Execution, run: ActionRun): ActionDeclaration {
  const stage = execution.declaration.stages.find((one) => one.name === run.stage)!
  if (!run.condition) return stage.actions.find((action) => action.name === run.action)!
  return actionOfRule(conditionOf(stage, run.condition)!.rules!.find((rule) => rule.name === run.action)!)
}
