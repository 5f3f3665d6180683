/** Having a deployment looked at again: now, or at a time. */
import type { Context } from '../../../kernel/context.ts'
import { event } from '../../../kernel/event-bus.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'

/** A deployment has something to do. */
export const due = event<{
  readonly account: string
  readonly region: string
  readonly deployment: string
}>('codedeploy.due')

const timerOf = (id: string): string => `codedeploy ${id}`

export const wake = ({ cloud, account, region }: Context, deployment: string): void =>
  cloud.bus.emit(due, { account, region, deployment })

/** Wakes it at a time (milliseconds since 1970); none where only an event can. */
export function wakeAt(ctx: Context, deployment: string, at: number | undefined): void {
  if (at === undefined) cancelTimer(ctx.cloud, timerOf(deployment))
  else setTimer(ctx.cloud, timerOf(deployment), at, () => wake(ctx, deployment))
}
