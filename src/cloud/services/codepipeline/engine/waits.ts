/** What runs of actions and rules wait for: a time, and what EventBridge is told. */

import { part } from '../../../kernel/cloud.ts'
import type { Context } from '../../../kernel/context.ts'
import type { CloudEvent } from '../../../kernel/event-bus.ts'
import { cancelTimer, setTimer } from '../../../kernel/timers.ts'

/** What a run goes on at, whichever comes first. */
export interface Wait {
  /** Milliseconds since 1970. */
  readonly at?: number
  /** Whether an event is one of those it waits for. */
  readonly on?: (event: CloudEvent) => boolean
}

const listeners = part({ name: 'waits of runs', make: () => new Map<string, () => void>() })

const timerOf = (runId: string): string => `${runId} again`

/** Calls back once when what a run waits for has come. */
export function waitFor({ cloud }: Context, runId: string, { at, on }: Wait, then: () => void): void {
  const all = cloud.part(listeners)
  const once = () => {
    all.get(runId)?.()
    all.delete(runId)
    cancelTimer(cloud, timerOf(runId))
    then()
  }
  all.get(runId)?.()
  if (at !== undefined) setTimer(cloud, timerOf(runId), at, once)
  if (on)
    all.set(
      runId,
      cloud.bus.listen((event) => {
        if (on(event)) once()
      }),
    )
}

/** Lets a run wait for nothing any more, neither to go on nor to expire. */
export function stopWaiting({ cloud }: Context, runId: string): void {
  cancelTimer(cloud, runId)
  cancelTimer(cloud, timerOf(runId))
  const all = cloud.part(listeners)
  all.get(runId)?.()
  all.delete(runId)
}
