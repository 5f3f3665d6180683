/** Timers by name: approvals that expire, schedules that fire. They keep no background work open. */
import { type Cloud, part } from './cloud.ts'

/** Timers of the platform count milliseconds in 31 bits. */
const LONGEST = 2 ** 31 - 1

const timers = part({ name: 'timers', make: () => new Map<string, AbortController>() })

/** Calls back at a time (milliseconds since 1970), unless the timer is set anew or cancelled before, or the cloud stops. */
export function setTimer(cloud: Cloud, id: string, at: number, then: () => void): void {
  cancelTimer(cloud, id)
  const controller = new AbortController()
  cloud.part(timers).set(id, controller)
  const signal = AbortSignal.any([cloud.signal, controller.signal])
  const wait = async () => {
    while (!signal.aborted) {
      const left = at - cloud.clock.now()
      if (left <= 0) {
        cloud.part(timers).delete(id)
        return then()
      }
      await cloud.clock.sleep(Math.min(left, LONGEST), signal)
    }
  }
  wait().catch((error) => cloud.bug(`timer ${id}`, error))
}

export function cancelTimer(cloud: Cloud, id: string): void {
  cloud.part(timers).get(id)?.abort()
  cloud.part(timers).delete(id)
}
