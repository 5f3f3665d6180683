/** Looking at running pipelines and steering them. */
export { answerApprovals, type WaitingApproval, waitingApprovals } from './approve.ts'
export { buildCommandTime, buildLog } from './build-log.ts'
export { type Denial, type DenialRemedy, denialsOf } from './denials.ts'
export { type PendingChanges, pendingChanges } from './pending-changes.ts'
export {
  type ActionState,
  type ActionStatus,
  declarationOf,
  type ExecutionState,
  executionState,
  executions,
  newestState,
  type StageState,
} from './pipeline-state.ts'
export { type PolicyPlaces, policyPlaces } from './policy-places.ts'
export { type RecordedResource, recordedResources } from './recorded-resources.ts'
export { startPipeline } from './start.ts'
