/** How long rules may take. */
import type { ActionJob } from '../runner.ts'

const MINUTE = 60_000

/** Fails a rule after its timeout. AWS: timeoutInMinutes of a rule; no page says what holds where it is absent. */
export function expireRule(job: ActionJob): void {
  const { timeoutInMinutes: minutes } = job.action
  if (minutes !== undefined)
    job.expire(job.started + minutes * MINUTE, `The rule has timed out after ${minutes} minutes`)
}
