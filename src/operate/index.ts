/** Looking at running pipelines and steering them. */
export { answerApprovals, type WaitingApproval, waitingApprovals } from './approve.ts'
export { buildLog } from './build-log.ts'
export { type PendingChanges, pendingChanges } from './pending-changes.ts'
export {
  type ActionState,
  type ActionStatus,
  declarationOf,
  type ExecutionState,
  executionState,
  executions,
  type StageState,
} from './pipeline-state.ts'
export { startPipeline } from './start.ts'
