/** What `${…}` stands for at the places of a pipeline. */
import {
  branchSlug,
  expandText,
  expandValues,
  type Fleet,
  type FleetPipeline,
  type FleetPlace,
  sourceBranch,
  type TextScope,
} from '../fleet/index.ts'
import type { Names } from './names.ts'

/** Asked for at each place, and the same at all. A pipeline is of one fleet. */
const known = new WeakMap<FleetPipeline, TextScope>()

/** Gives what `${…}` stands for outside the stages of a pipeline. */
export function pipelineScope(fleet: Fleet, pipeline: FleetPipeline): TextScope {
  const found = known.get(pipeline)
  if (found) return found
  const branch = branchOf(pipeline)
  const scope = {
    fleet: fleet.of ?? fleet.name,
    pipeline: pipeline.key ?? pipeline.id,
    branch,
    branchSlug: branchSlug(branch),
    ...(pipeline.key !== undefined && { ofBranch: true }),
  }
  known.set(pipeline, scope)
  return scope
}

/** That of the source that starts the pipeline; where none does, of the first. */
function branchOf({ sources }: FleetPipeline): string {
  const followed = sources.find(({ starts }) => starts) ?? sources[0]!
  return sourceBranch(followed.configuration)
}

/** Gives the name of the CodePipeline pipeline. */
export const pipelineName = (fleet: Fleet, pipeline: FleetPipeline, names: Names): string =>
  names.pipeline(expandText(pipeline.name, pipelineScope(fleet, pipeline)))

export type StageScope = TextScope &
  Readonly<Record<'environment' | 'account' | 'accountName' | 'region', string>>

/** As often asked for; a place is of one stage. */
const knownPlaces = new WeakMap<FleetPlace, StageScope>()

/** Gives what `${…}` stands for in one place of a stage. */
export function placeScope(fleet: Fleet, pipeline: FleetPipeline, place: FleetPlace): StageScope {
  const found = knownPlaces.get(place)
  if (found) return found
  const made = scopeOf(fleet, pipeline, place)
  knownPlaces.set(place, made)
  return made
}

function scopeOf(fleet: Fleet, pipeline: FleetPipeline, place: FleetPlace): StageScope {
  const { environment, account, accountName, region, values } = place
  const scope = { ...pipelineScope(fleet, pipeline), environment, account, accountName, region }
  return Object.keys(values).length ? { ...scope, values: expandValues(values, scope) } : scope
}
