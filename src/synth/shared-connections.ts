/** Where the connections stand that a fleet makes for the sources of a pipeline. */
import type { Fleet, FleetPipeline } from '../fleet/index.ts'
import type { StackOutputReference } from '../model/index.ts'
import { declareSources } from './declare-sources.ts'
import { connectionId } from './hub-stack.ts'
import { Names } from './names.ts'

/** Gives the output with the ARN of the connection of each source that has none of its own, by the source's name. */
export function sharedConnections(
  fleet: Fleet,
  pipeline: FleetPipeline,
): ReadonlyMap<string, StackOutputReference> {
  const { account, region } = fleet.hub
  const names = new Names(fleet)
  const stack = names.fleetStack('hub')
  return new Map(
    declareSources(fleet, pipeline, names).flatMap(({ source, connection }) =>
      connection
        ? [[source.name, { stack, target: { account, region }, output: connectionId(connection) }]]
        : [],
    ),
  )
}
