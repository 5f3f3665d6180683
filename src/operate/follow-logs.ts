/** What an execution's builds say, while they say it. */
import { FleetError } from '../model/index.ts'
import { BuildLogReader } from './build-log.ts'
import { actionsOf, type PlacedAction, startedExecution } from './execution.ts'
import { ENDED, type FollowOptions, sleepUntil } from './follow.ts'
import type { LiveFleet } from './live-fleet.ts'

/** Lines that came since an action was last looked at; its error with the last ones. */
export interface LoggedLines extends PlacedAction {
  readonly lines: readonly string[]
}

/**
 * Gives the lines of an execution's builds as they come, until it has ended; of one action where it is named.
 * Errors: FleetError where there is no such action, AWS's.
 */
export async function* followLogs(
  fleet: LiveFleet,
  pipeline: string,
  id: string,
  { action: named, interval, until, sleep = sleepUntil }: FollowOptions & { readonly action?: string },
): AsyncGenerator<LoggedLines, void, undefined> {
  const reader = new BuildLogReader(fleet.accounts)
  const told = new Set<string>()
  while (!until?.aborted) {
    const state = await startedExecution(fleet, pipeline, id)
    const actions = actionsOf(state).filter(({ action }) => named === undefined || action.name === named)
    if (!actions.length)
      throw new FleetError(`${pipeline} has no action "${named}"`, {
        fix: 'see its actions with "crossdock status"',
      })
    for (const placed of actions) {
      const { action } = placed
      const key = `${action.id} ${action.status}`
      if (!action.id || told.has(key)) continue
      const lines = (await reader.read(action)) ?? []
      // A build's log is whole once its action has ended: it is not looked at again.
      if (action.status !== 'InProgress') told.add(key)
      if (lines.length || action.error) yield { ...placed, lines }
    }
    if (ENDED.includes(state.status)) return
    await sleep(interval, until)
  }
}
