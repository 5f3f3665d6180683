/** What runs in the stage that an execution is in. */
import { entryOf } from '../../../../model/index.ts'
import type { ConditionType } from '../../../../pipeline/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type ActionRun, actionRunsOf, type Execution, type StageRun } from '../state.ts'
import { stageOf } from './places.ts'

/** Gives the run of the stage that an execution is in. */
export const stageRunOf = (execution: Execution): StageRun | undefined =>
  entryOf(execution.stages, stageOf(execution).name)

/** Gives the current run of each action of the stage, by the action's name. */
export const currentRuns = (ctx: Context, execution: Execution): Map<string, ActionRun> =>
  runsOfIds(ctx, execution, stageRunOf(execution)?.actions)

/** Gives the run of each rule of a condition that is looked at, by the rule's name. */
export const ruleRuns = (ctx: Context, execution: Execution, type: ConditionType): Map<string, ActionRun> =>
  runsOfIds(ctx, execution, stageRunOf(execution)?.conditions?.[type]?.rules)

function runsOfIds(
  ctx: Context,
  { declaration }: Execution,
  ids: Readonly<Record<string, string>> = {},
): Map<string, ActionRun> {
  const table = ctx.table(actionRunsOf(declaration.name))
  return new Map(Object.entries(ids).map(([name, id]) => [name, table.get(id)!]))
}
