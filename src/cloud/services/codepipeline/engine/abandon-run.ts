/** Giving up waiting for an action or a rule. */
import type { Context } from '../../../kernel/context.ts'
import type { ActionRun, Execution } from '../state.ts'
import { forgetAction } from './action-journal.ts'
import { publishAction } from './events.ts'
import { actionOf, changeRun } from './records.ts'
import { stopWaiting } from './waits.ts'

/** AWS: whatever works for it goes on with its work; only the pipeline stops waiting. */
export function abandonRun(ctx: Context, execution: Execution, run: ActionRun): void {
  stopWaiting(ctx, run.id)
  forgetAction(ctx, run.id)
  const abandoned = changeRun(ctx, execution.declaration.name, run.id, { status: 'Abandoned' })
  publishAction(ctx, execution, abandoned, actionOf(execution, run))
}
