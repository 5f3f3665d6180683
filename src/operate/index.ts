/** Everything that looks at and steers live pipelines, as values: whoever shows them only draws. */
export { type ActionLog, type ActionLogs, actionLogs } from './action-logs.ts'
export {
  type Answer,
  answerApprovals,
  answerWaiting,
  type WaitingApproval,
  waitingApprovals,
} from './approve.ts'
export { type BuildReport, buildCommandTime } from './build-log.ts'
export { type Denial, type DenialRemedy, denialsOf, type ToldDenials } from './denials.ts'
export { type DetailedExecution, startedExecution } from './execution.ts'
export {
  declarationOf,
  executions,
  type HistoryPage,
  history,
  type PastExecution,
  type Revision,
} from './executions.ts'
export { findExecution } from './find-execution.ts'
export { type FollowEvent, type FollowOptions, follow } from './follow.ts'
export { followLogs, type LoggedLines } from './follow-logs.ts'
export { lastFailure } from './last-failure.ts'
export type { LiveFleet } from './live-fleet.ts'
export { type Look, type LookOptions, lookAt } from './look.ts'
export { type PendingChanges, pendingChanges } from './pending-changes.ts'
export { type PendingConnection, pendingConnections } from './pending-connections.ts'
export {
  type ActionState,
  type ActionStatus,
  type ExecutionState,
  executionState,
  newestState,
  type RuleState,
  type StageState,
} from './pipeline-state.ts'
export { type PolicyPlaces, policyPlaces } from './policy-places.ts'
export type { RecordedResource } from './recorded-resources.ts'
export { type Release, releasesOf } from './releases.ts'
export { awsBranches, branchesIn, embeddedBranches } from './repository-branches.ts'
export {
  type StageStanding,
  type Standing,
  shippingStages,
  type WaitingAnswer,
  waitingIn,
} from './standing.ts'
export { type StandingLook, standings } from './standings.ts'
export { type StartOptions, startExecution, startPipeline, type WantedRevision } from './start.ts'
export {
  failedStage,
  pauseStage,
  type Rollback,
  resumeStage,
  retryStage,
  rollBack,
  rollbackOf,
  stopExecution,
} from './steer.ts'
export { unitAccounts } from './unit-accounts.ts'
