/** How many pipelines stand at once: each as it is, or why nothing is known of it. */
import type { FleetError, PipelineDeclaration } from '../model/index.ts'
import { type BuildReport, buildReports } from './build-log.ts'
import { denialsOf, type ToldDenials, withPlaces } from './denials.ts'
import { actionsOf, type DetailedExecution, execution, type PlacedAction } from './execution.ts'
import type { LiveFleet } from './live-fleet.ts'
import type { PolicyPlaces } from './policy-places.ts'
import { type RecordedResource, recordedResources } from './recorded-resources.ts'
import { sideBySide } from './side-by-side.ts'

/** How one pipeline stands. */
export interface Look {
  /** AWS's name of it. */
  readonly id: string
  /** Its newest execution, or the one that was asked for; absent when the pipeline has not run yet. */
  readonly state?: DetailedExecution
  /** Why nothing is known of the pipeline. */
  readonly error?: unknown
}

export interface Overview {
  /** In the order in which they were asked for. */
  readonly looks: readonly Look[]
  /** Why denials are not told, where they are not. */
  readonly trouble?: FleetError
}

export interface OverviewOptions {
  /** An older execution than the newest. */
  readonly execution?: string | undefined
  /** Tells what is still to come as AWS has it, one call a pipeline more, and not as the fleet's file does. */
  readonly exact?: boolean
  /** Has the remedies of denials say where the policies to change stand. */
  readonly places?: PolicyPlaces
}

/** Pipelines that are looked at side by side: more gain nothing, and AWS throttles by account. */
const WIDTH = 16

/** Gives how pipelines stand. Errors: what stands in the way of all of them alike. */
export async function overview(
  fleet: LiveFleet,
  ids: readonly string[],
  { execution: id, exact = false, places }: OverviewOptions = {},
): Promise<Overview> {
  const declared = new Map(fleet.assembly.pipelines.map(({ declaration }) => [declaration.name, declaration]))
  if (ids.length > 1) await fleet.accounts.verify(fleet.hub)
  const found = await sideBySide(ids, WIDTH, (pipeline) =>
    recording(fleet, pipeline, { id, expected: exact ? undefined : declared.get(pipeline) }),
  )
  const failures = found.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  // What stands in the way of all is told once.
  if (ids.length && failures.length === ids.length && new Set(failures.map(String)).size === 1)
    throw failures[0]
  const failed = found
    .flatMap((one) => (one.status === 'fulfilled' && one.value ? actionsOf(one.value) : []))
    .flatMap(({ action }) => (action.error ? [action] : []))
  const told = await denialsOf(fleet.accounts.endpoint, failed)
  const looks = found.map((one, index): Look => {
    const id = ids[index]!
    if (one.status === 'rejected') return { id, error: one.reason }
    return one.value ? { id, state: withDenials(one.value, told, places) } : { id }
  })
  return { looks, ...(told.trouble && { trouble: told.trouble }) }
}

type RecordingState = Omit<DetailedExecution, 'denials'>

const keyOf = ({ stage, action }: PlacedAction): string => `${stage}/${action.name}`

async function recording(
  fleet: LiveFleet,
  pipeline: string,
  options: { id?: string; expected?: PipelineDeclaration },
): Promise<RecordingState | undefined> {
  const state = await execution(fleet, pipeline, options)
  if (!state) return undefined
  const recorded: Record<string, readonly RecordedResource[]> = {}
  const reports: Record<string, readonly BuildReport[]> = {}
  for (const placed of actionsOf(state)) {
    const resources = await recordedResources(fleet.accounts, placed.action)
    if (resources.length) recorded[keyOf(placed)] = resources
    if (options.expected) continue
    // Who may look at a pipeline need not be allowed to look at its builds.
    const made = await buildReports(fleet.accounts, placed.action).catch(() => [])
    if (made.length) reports[keyOf(placed)] = made
  }
  return { ...state, recorded, reports }
}

function withDenials(
  state: RecordingState,
  { of }: ToldDenials,
  places: PolicyPlaces | undefined,
): DetailedExecution {
  const denials = actionsOf(state)
    .filter(({ action }) => action.error)
    .map((placed) => {
      const told = of.get(placed.action.id ?? '') ?? []
      return [keyOf(placed), places ? withPlaces(told, places) : told]
    })
  return { ...state, denials: Object.fromEntries(denials) }
}
