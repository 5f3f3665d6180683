/** What the targets of rules can be here. */
import {
  build,
  bus,
  lambdaFunction,
  logGroup,
  type Place,
  pipeline,
  queue,
  stateMachine,
  topic,
} from '../../../destinations/index.ts'

/** What an event is sent to as to any other destination; a bus takes it as it is (`deliver.ts`). */
export const DESTINATIONS = [lambdaFunction, topic, pipeline, build, logGroup, queue, stateMachine]

export const PLACES: readonly Place[] = [...DESTINATIONS, bus]
