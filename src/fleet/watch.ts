/** How the alarms of a stage are watched, and for how long. */
import { FleetError } from '../model/index.ts'
import type { FleetStage } from './fleet.ts'

/** AWS: most rules of a condition. */
const RULES = 5

/** Minutes. AWS: a function that a pipeline invokes may take 24 hours, in all its turns together. */
const FUNCTION_WAITS = 24 * 60 - 10

/**
 * Gives who watches: AWS's own rules where one condition holds them all, otherwise a function of the hub, which waits as
 * well where there are no alarms; undefined where nothing is to be watched.
 */
export function watcherOf({
  alarms,
  bake,
  places,
}: Pick<FleetStage, 'alarms' | 'bake' | 'places'>): 'rules' | 'function' | undefined {
  if (!alarms.length) return bake === undefined ? undefined : 'function'
  return alarms.length * places.length <= RULES ? 'rules' : 'function'
}

/** Gives an error where nobody can watch so long. */
export function watchErrors(stage: FleetStage): FleetError[] {
  const { name, alarms, bake = 0, places, location } = stage
  if (watcherOf(stage) !== 'function' || bake <= FUNCTION_WAITS) return []
  const what = alarms.length
    ? `${name} watches ${alarms.length * places.length} alarms for ${bake} minutes`
    : `${name} waits for ${bake} minutes without alarms`
  return [
    new FleetError(`${what}, and a function does so for ${FUNCTION_WAITS} at most`, {
      location,
      fix: alarms.length
        ? `make the stage, or its waves, as small as AWS’s own rules can watch: ${RULES} alarms in all; or \`bake\` shorter`
        : 'name `alarms`, or make `bake` shorter',
    }),
  ]
}
