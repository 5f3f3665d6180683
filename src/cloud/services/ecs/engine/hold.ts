/** Holding the tasks of a deployment or a task set at a number. */
import type { Context } from '../../../kernel/context.ts'
import type { Service, Task, TaskSource } from '../state.ts'
import { startTasks, stopSick, stopTasks } from './scale.ts'
import { isReady, isSick } from './task-health.ts'

/** Gives the service with what was told of it; `again` has it looked at once more at a time. */
export function hold(
  ctx: Context,
  service: Service,
  source: TaskSource,
  { own, count, again }: { own: readonly Task[]; count: number; again: (at: number) => void },
): Service {
  const sick = own.filter((one) => one.desired === 'RUNNING' && isSick(ctx, service, one))
  const wanted = own.filter((one) => one.desired === 'RUNNING' && !sick.includes(one))
  const room = count - wanted.length
  let next = sick.length ? stopSick(ctx, service, sick) : service
  if (room > 0) {
    if (source.notBefore <= ctx.cloud.clock.now()) next = startTasks(ctx, next, source, room)
    else again(source.notBefore)
  }
  return room < 0 ? stopTasks(ctx, next, idleFirst(wanted).slice(0, -room)) : next
}

/** What does not run well goes first. */
const idleFirst = (some: readonly Task[]): Task[] => [
  ...some.filter((one) => !isReady(one)),
  ...some.filter(isReady),
]

export const isHeld = (own: readonly Task[], count: number): boolean =>
  own.length === count && own.every(isReady)
