/** What services send events to: one file for each. */
export { build } from './build.ts'
export { bus } from './bus.ts'
export {
  type Destination,
  type Message,
  type Place,
  parametersOf,
  placeOf,
  type Sender,
  senderAs,
} from './destination.ts'
export { lambdaFunction } from './function.ts'
export { logGroup } from './log-group.ts'
export { pipeline } from './pipeline.ts'
export { queue, queueUrlOf } from './queue.ts'
export { stateMachine } from './state-machine.ts'
export { topic } from './topic.ts'
