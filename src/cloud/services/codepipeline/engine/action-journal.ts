/** What an action under way has been answered so far, so that it goes on after a kill without doing anything twice. */
import type { Context } from '../../../kernel/context.ts'
import { forgetJournal, Journal, journals } from '../../../kernel/journal.ts'

const nameOf = (runId: string): string => `codepipeline ${runId}`

/** What fails because the cloud stops is not kept: the action goes on when it starts again. */
export const actionJournal = (ctx: Context, runId: string): Journal =>
  new Journal(ctx.table(journals), nameOf(runId), () => !ctx.cloud.signal.aborted)

/** An action that has ended, or begins another turn, starts with nothing. */
export const forgetAction = (ctx: Context, runId: string): void =>
  forgetJournal(ctx.table(journals), nameOf(runId))
