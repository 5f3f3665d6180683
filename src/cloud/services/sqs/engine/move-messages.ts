/** Moving dead letters: each to the queue that it came from, or all to the one that is given. */
import { parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Message, messageKey, moveTasks, type Queue, queues } from '../state.ts'
import { announce } from './arrivals.ts'
import { messagesOf, present } from './take-messages.ts'

/** AWS: messages in flight are not moved; without the queue that they go to a task fails with what it could not move. */
export function moveMessages(ctx: Context, taskId: string): void {
  const task = ctx.table(moveTasks).get(taskId)
  const source = task && queueAt(ctx, task.source)
  if (task?.status !== 'RUNNING') return
  let moved = 0
  let failure = source ? undefined : 'AWS.SimpleQueueService.NonExistentQueue'
  const now = ctx.cloud.clock.now()
  for (const message of source ? present(ctx, source) : []) {
    if (message.visible > now) continue
    const to = queueAt(ctx, task.destination ?? message.source ?? '')
    if (to) {
      move(ctx, source!, message, to)
      moved++
    } else failure ??= 'CouldNotDetermineMessageSource'
  }
  const status = failure === undefined ? 'COMPLETED' : 'FAILED'
  ctx.table(moveTasks).put(taskId, { ...task, moved, status, failure })
}

function queueAt(ctx: Context, arn: string): Queue | undefined {
  const { account, region, resource } = parseArn(arn) ?? {}
  return resource === undefined ? undefined : ctx.table(queues, account, region).get(resource)
}

/** AWS: a message that is moved is a new one: its receipts are counted anew. */
function move(ctx: Context, from: Queue, message: Message, to: Queue): void {
  messagesOf(ctx, from).delete(messageKey(message))
  const { handle: _, firstReceived: __, source: ___, ...rest } = message
  const moved: Message = { ...rest, queue: to.arn, receives: 0, visible: ctx.cloud.clock.now() }
  messagesOf(ctx, to).put(messageKey(moved), moved)
  announce(ctx.cloud, to.arn)
}
