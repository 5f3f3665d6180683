/** Pipelines that start each other: they are there, and none comes round to itself. */
import { FleetError, nearest } from '../model/index.ts'
import type { FleetDocument } from './document.ts'
import type { FleetPipeline } from './fleet.ts'

/** Gives an error for each pipeline that is named and is not there, and for each that would start itself for ever. */
export function startErrors(pipelines: readonly FleetPipeline[], document: FleetDocument): FleetError[] {
  const byId = new Map(pipelines.map((pipeline) => [pipeline.id, pipeline]))
  return pipelines.flatMap(({ id, start: { after } }) =>
    after.flatMap((named, index) => {
      const location = document.locate(['pipelines', id, 'start', 'after', index])
      if (!byId.has(named)) {
        const meant = nearest(named, byId.keys())
        const fix = meant ? `write \`${meant}\`` : `use one of ${[...byId.keys()].join(', ')}`
        return new FleetError(`there is no pipeline \`${named}\``, { location, fix })
      }
      if (!leadsTo(named, id, byId)) return []
      return new FleetError(`${id} starts after ${named}, which itself starts after ${id}`, {
        location,
        fix: `take \`${named}\` out`,
      })
    }),
  )
}

/** Whether a pipeline starts, by whatever way, after another one. */
function leadsTo(from: string, to: string, byId: ReadonlyMap<string, FleetPipeline>): boolean {
  const open = [from]
  const seen = new Set<string>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(byId.get(next)?.start.after ?? []))
  }
  return false
}
