/** Bringing an assembly into its accounts. */
export { CONCURRENCY, deploy } from './deploy.ts'
export type { DeployContext } from './deploy-stack.ts'
export { DeploymentFailure } from './deployment-failure.ts'
export type { DeployEvent, Listener, StackFailure, StackOutcome } from './events.ts'
export { remove } from './remove.ts'
export type { Concurrency } from './slots.ts'
export { outputOf } from './stack-output.ts'
