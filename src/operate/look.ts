/** One execution in full: how it stands, and all that the embedded cloud and its builds tell besides. */
import type { FleetError } from '../model/index.ts'
import { type BuildReport, buildReports } from './build-log.ts'
import { denialsOf, withPlaces } from './denials.ts'
import { actionsOf, type DetailedExecution, execution, type PlacedAction } from './execution.ts'
import type { LiveFleet } from './live-fleet.ts'
import type { PolicyPlaces } from './policy-places.ts'
import { type RecordedResource, recordedResources } from './recorded-resources.ts'

export interface LookOptions {
  /** An older execution than the newest. */
  readonly execution?: string | undefined
  /** Has the remedies of denials say where the policies to change stand. */
  readonly places?: PolicyPlaces
}

/** How one pipeline stands. */
export interface Look {
  /** Its newest execution, or the one that was asked for; absent when the pipeline has not run yet. */
  readonly state?: DetailedExecution
  /** Why denials are not told, where they are not. */
  readonly trouble?: FleetError
}

const keyOf = ({ stage, action }: PlacedAction): string => `${stage}/${action.name}`

/** Gives how a pipeline stands. Errors: AWS's. */
export async function lookAt(
  fleet: LiveFleet,
  pipeline: string,
  { execution: id, places }: LookOptions = {},
): Promise<Look> {
  const state = await execution(fleet, pipeline, { id })
  if (!state) return {}
  const recorded: Record<string, readonly RecordedResource[]> = {}
  const reports: Record<string, readonly BuildReport[]> = {}
  for (const placed of actionsOf(state)) {
    const resources = await recordedResources(fleet.accounts, placed.action)
    if (resources.length) recorded[keyOf(placed)] = resources
    // Who may look at a pipeline need not be allowed to look at its builds.
    const made = await buildReports(fleet.accounts, placed.action).catch(() => [])
    if (made.length) reports[keyOf(placed)] = made
  }
  const failed = actionsOf(state).filter(({ action }) => action.error)
  const { of, trouble } = await denialsOf(
    fleet.accounts.endpoint,
    failed.map(({ action }) => action),
  )
  const denials = await Promise.all(
    failed.map(async (placed) => {
      const told = of.get(placed.action.id ?? '') ?? []
      return [keyOf(placed), places ? await withPlaces(told, places, fleet.accounts) : told]
    }),
  )
  return {
    state: { ...state, recorded, reports, denials: Object.fromEntries(denials) },
    ...(trouble && { trouble }),
  }
}
