/** Who waits for messages of a queue, and is woken when one comes. */
import { type Cloud, part } from '../../../kernel/cloud.ts'
import { messageArrived } from '../../../kernel/service-events.ts'

const waiting = part({ name: 'receivers of queues', make: () => new Map<string, Set<() => void>>() })

/** Wakes everybody who waits for messages of a queue; `at` is when the message can be received that is told of. */
export function announce(cloud: Cloud, queue: string, at?: number): void {
  cloud.bus.emit(messageArrived, { queue, at })
  const all = cloud.part(waiting).get(queue)
  cloud.part(waiting).delete(queue)
  for (const wake of all ?? []) wake()
}

/** Resolves when a message may have come, or after so many milliseconds; at once when the cloud stops. */
export async function arrival(cloud: Cloud, queue: string, milliseconds: number): Promise<void> {
  const over = new AbortController()
  const signal = AbortSignal.any([cloud.signal, over.signal])
  const all = cloud.part(waiting).get(queue) ?? new Set()
  cloud.part(waiting).set(queue, all)
  const wake = () => over.abort()
  all.add(wake)
  await cloud.clock.sleep(milliseconds, signal)
  all.delete(wake)
  over.abort()
}
