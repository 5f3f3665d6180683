/** Looks at the targets of a service's tasks: often until they are healthy, then from time to time. */
import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import { setTimer } from '../../../kernel/timers.ts'
import { services, type Task, tasks, tasksOf } from '../state.ts'
import { askHealth } from './task-targets.ts'

/** Milliseconds between two looks, which nobody says of AWS. */
const SETTLING = 1_000
const SETTLED = 15_000

const watching = part({ name: 'services whose targets are watched', make: () => new Map<string, number>() })

const watched = (ctx: Context, arn: string): Task[] =>
  ctx
    .table(tasks)
    .where(tasksOf, arn)
    .filter(
      ({ status, desired, targets }) => status === 'RUNNING' && desired === 'RUNNING' && targets.length > 0,
    )

const isSettled = ({ targets }: Task): boolean => targets.every(({ state }) => state === 'healthy')

/** Begins to watch, or goes on; `then` is called when a target has another state. */
export function watchHealth(ctx: Context, arn: string, then: () => void): void {
  const all = watched(ctx, arn)
  const at = ctx.cloud.part(watching)
  if (!all.length) return
  const next = ctx.cloud.clock.now() + (all.every(isSettled) ? SETTLED : SETTLING)
  // What is looked at sooner stays.
  if ((at.get(arn) ?? Number.POSITIVE_INFINITY) <= next) return
  at.set(arn, next)
  setTimer(ctx.cloud, `ecs health ${arn}`, next, () => {
    ctx.spawn(`ecs health ${arn}`, async () => {
      const news = await Promise.all(watched(ctx, arn).map((one) => askHealth(ctx, one)))
      at.delete(arn)
      if (ctx.table(services).get(arn) === undefined) return
      if (news.includes(true)) then()
      watchHealth(ctx, arn, then)
    })
  })
}
