/** What goes with a listener: its rules, its door, and the use of the groups that they led to. */
import type { Context } from '../../../kernel/context.ts'
import { dropDoor } from '../doors/doors.ts'
import { type Listener, listeners, rules, rulesOf } from '../state.ts'

export function removeListener(ctx: Context, { arn }: Listener): void {
  for (const rule of ctx.table(rules).where(rulesOf, arn)) ctx.table(rules).delete(rule.arn)
  ctx.table(listeners).delete(arn)
  dropDoor(ctx, arn)
}
