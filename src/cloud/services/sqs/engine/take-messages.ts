/** Which messages of a queue a receiver gets: those that are visible, in order, and in FIFO queues of no busy group. */

import { parseArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Message, messageKey, messages, messagesIn, type Queue, queues } from '../state.ts'
import { announce } from './arrivals.ts'
import { isFifo, numberOf, redriveOf } from './queue-attributes.ts'

/** Gives the table that a queue's messages are in: that of its own account. */
export function messagesOf(ctx: Context, { arn }: Pick<Queue, 'arn'>) {
  const { account, region } = parseArn(arn)!
  return ctx.table(messages, account, region)
}

/** Gives a queue's messages in the order of sending, without those that are too old, which go. */
export function present(ctx: Context, queue: Queue): Message[] {
  const table = messagesOf(ctx, queue)
  const oldest = ctx.cloud.clock.now() - numberOf(queue, 'MessageRetentionPeriod') * 1000
  const all = table.where(messagesIn, queue.arn)
  const kept = all.filter(({ sent }) => sent > oldest)
  if (kept.length < all.length)
    for (const message of all) if (message.sent <= oldest) table.delete(messageKey(message))
  return kept.sort((one, other) => one.sequence - other.sequence)
}

interface Taking {
  readonly most: number
  /** Seconds that they stay hidden. */
  readonly hidden: number
}

/** Takes messages, which are hidden from others from now on. AWS: what was received too often goes to the dead letters. */
export function takeMessages(ctx: Context, queue: Queue, { most, hidden }: Taking): Message[] {
  const now = ctx.cloud.clock.now()
  const table = messagesOf(ctx, queue)
  const redrive = queue.attributes.RedrivePolicy
  const { target, most: receives } = redrive
    ? redriveOf(redrive)
    : { target: '', most: Number.POSITIVE_INFINITY }
  const busy = new Set<string>()
  const taken: Message[] = []
  for (const message of present(ctx, queue)) {
    if (taken.length === most) break
    if (isFifo(queue) && message.group !== undefined && busy.has(message.group)) continue
    if (message.visible > now) {
      // AWS: no other message of a group is given as long as one of it is in flight, or is still to come.
      if (message.group !== undefined) busy.add(message.group)
      continue
    }
    if (message.receives >= receives && bury(ctx, queue, message, target)) continue
    const received: Message = {
      ...message,
      receives: message.receives + 1,
      firstReceived: message.firstReceived ?? now,
      visible: now + hidden * 1000,
      handle: ctx.cloud.ids.mixed(48),
    }
    table.put(messageKey(received), received)
    taken.push(received)
  }
  return taken
}

/** AWS: a dead letter keeps its id and the time when it was sent; without the queue for it it stays where it is. */
function bury(ctx: Context, queue: Queue, message: Message, target: string): boolean {
  const { account, region, resource } = parseArn(target)!
  const grave = ctx.table(queues, account, region).get(resource)
  if (!grave) return false
  messagesOf(ctx, queue).delete(messageKey(message))
  const { handle: _, firstReceived: __, ...rest } = message
  const dead: Message = { ...rest, queue: grave.arn, receives: 0, source: queue.arn }
  messagesOf(ctx, grave).put(messageKey(dead), dead)
  announce(ctx.cloud, grave.arn)
  return true
}

/** Milliseconds until the next message of a queue is visible by itself; undefined where none is to come. */
export function untilVisible(ctx: Context, queue: Queue): number | undefined {
  const now = ctx.cloud.clock.now()
  const times = present(ctx, queue)
    .map(({ visible }) => visible - now)
    .filter((time) => time > 0)
  return times.length ? Math.min(...times) : undefined
}
