/** The history of alarms. */
import type { Context } from '../../../kernel/context.ts'
import { type Alarm, type HistoryItem, history } from '../state.ts'

/** AWS: 30 days (DescribeAlarmHistory). */
const KEPT = 30 * 24 * 3_600_000

/** Adds an item, and drops what is too old of the alarm's. */
export function remember(
  ctx: Context,
  { name, kind }: Pick<Alarm, 'name' | 'kind'>,
  { type, summary, data }: Pick<HistoryItem, 'type' | 'summary'> & { readonly data: object },
): void {
  const table = ctx.table(history)
  const at = ctx.cloud.clock.now()
  for (const [key, item] of table.entries()) if (item.at < at - KEPT) table.delete(key)
  const item: HistoryItem = { alarm: name, alarmType: kind, at, type, summary, data: JSON.stringify(data) }
  table.put(ctx.cloud.ids.uuid(), item)
}
