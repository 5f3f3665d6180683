/** Bringing an assembly into its accounts. */
export { deploy, planFleet } from './deploy.ts'
export type { DeployContext } from './deploy-stack.ts'
export { DeploymentFailure } from './deployment-failure.ts'
export { type DriftedResource, findDrift, type StackDrift } from './drift.ts'
export type { DeployEvent, Listener, StackFailure, StackOutcome } from './events.ts'
export { type FleetStacks, fleetStacks, strayInHub } from './leaving/begin-fleet.ts'
export type { LeftOver, Unseen } from './leaving/find-left.ts'
export { hasKey, type OwnStack, pipelinesOf, repositoriesOf, retainedOf } from './leaving/own-stack.ts'
export {
  type Leaving,
  type Staying,
  type TakeAwayEvent,
  type TakenAway,
  takeAway,
} from './leaving/take-away.ts'
export { type FleetLock, HeldLock, type LockContext } from './lock.ts'
export { type PermissionChange, permissionWords } from './plan/permission-changes.ts'
export { type FleetPlan, hasChanges, type StackPlan } from './plan/plan.ts'
export type { ResourceChange } from './plan/resource-changes.ts'
export { remove } from './remove.ts'
export { CONCURRENCY, type Concurrency } from './slots.ts'
export { outputOf } from './stack-output.ts'
