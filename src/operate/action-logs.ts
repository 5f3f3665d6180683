/** What an execution's actions said: the logs of its builds, and why its failed actions failed. */
import type { Accounts } from '../aws/index.ts'
import { FleetError } from '../model/index.ts'
import { type BuildReport, buildLog, buildReports } from './build-log.ts'
import { type Denial, denialsOf, withPlaces } from './denials.ts'
import { actionsOf } from './execution.ts'
import type { ActionState, ExecutionState } from './pipeline-state.ts'
import type { PolicyPlaces } from './policy-places.ts'

export interface ActionLog {
  readonly stage: string
  readonly action: string
  /** Of the build that the action started, oldest first. */
  readonly lines: readonly string[]
  /** What it reported of its tests. */
  readonly reports: readonly BuildReport[]
  readonly error?: ActionState['error']
  readonly denials: readonly Denial[]
}

export interface ActionLogs {
  /** Of the actions that said something, in the pipeline's order. */
  readonly logs: readonly ActionLog[]
  /** Why denials are not told, where they are not. */
  readonly trouble?: FleetError
}

/** Gives the logs of an execution's actions, or of one of them. Errors: FleetError where there is no such action. */
export async function actionLogs(
  accounts: Accounts,
  state: ExecutionState,
  { action: name, places }: { action?: string; places?: PolicyPlaces } = {},
): Promise<ActionLogs> {
  const actions = actionsOf(state).filter(({ action }) => name === undefined || action.name === name)
  if (!actions.length)
    throw new FleetError(`${state.pipeline} has no action "${name}"`, {
      fix: 'see its actions with "crossdock status"',
    })
  const failed = actions.flatMap(({ action }) => (action.error ? [action] : []))
  const told = await denialsOf(accounts.endpoint, failed)
  const logs: ActionLog[] = []
  for (const { stage, action } of actions) {
    const lines = (await buildLog(accounts, action)) ?? []
    const reports = await buildReports(accounts, action).catch(() => [])
    const denied = told.of.get(action.id ?? '') ?? []
    const denials = places ? await withPlaces(denied, places, accounts) : denied
    if (lines.length || action.error)
      logs.push({ stage, action: action.name, lines, reports, error: action.error, denials })
  }
  return { logs, ...(told.trouble && { trouble: told.trouble }) }
}
