/** The fleet file: what a user writes, read into a Fleet. */
export { type ActionFile, typeOf } from './action-schema.ts'
export type { BranchPattern } from './branches.ts'
export { type BuildFile, isByName, type PermissionFile } from './build-schema.ts'
export type { ConditionsFile } from './condition-schema.ts'
export {
  artifactReference,
  type DeployConfiguration,
  type DeployExpansion,
  type DeployScope,
  deployedStack,
  deployedStackSet,
  deployPermissions,
  expandDeploy,
  groupConfiguration,
  passedRoles,
  type StackDeploy,
  type StackSetDeploy,
  stackName,
  stackOfSet,
} from './deploys/index.ts'
export { type Copy, developerCopy } from './developer-copy.ts'
export type { FleetDeveloper } from './developers.ts'
export { type FleetDocument, readYaml } from './document.ts'
export { accountsOfFleet } from './environments.ts'
export type { ExistingThing } from './existing-schema.ts'
export type { FleetFileRead } from './file-read.ts'
export type {
  Fleet,
  FleetApproval,
  FleetBuild,
  FleetDeploy,
  FleetPipeline,
  FleetPipelineBuild,
  FleetPlace,
  FleetPullRequests,
  FleetSelfUpdate,
  FleetSource,
  FleetStage,
  FleetStep,
  FleetTest,
} from './fleet.ts'
export { FleetErrors } from './fleet-errors.ts'
export { type FleetIam, IAM_DEFAULTS } from './iam-schema.ts'
export type { FleetImage } from './image-schema.ts'
export { FLEET_FILES, loadFleet, parseFleet, readFleetFile } from './load.ts'
export { EMPTY_LOCK, type FleetLock, isEmptyLock, lockFile, lockText, readLock } from './lock.ts'
export { lockChanges } from './lock-changes.ts'
export type { FleetNotice } from './notify-schema.ts'
export type { FleetOrganization } from './organization.ts'
export { type OutputUse, outputReference } from './output-uses.ts'
export { findOutput, isPrepared, type OutputSource, type TextPlace, usesIn } from './outputs.ts'
export type { FleetParameter } from './parameter-schema.ts'
export { unitPatterns } from './patterns.ts'
export type { FleetRepository } from './repository-schema.ts'
export type { FleetRoles } from './roles-schema.ts'
export { type FleetFile, fleetJsonSchema } from './schema.ts'
export { UPDATE_STAGE } from './self-update.ts'
export {
  type ConnectionProvider,
  connectedRepository,
  type Drop,
  expandSource,
  type SourceConfiguration,
  type SourceExpansion,
  type SourceScope,
  sourceBranch,
  type TokenWriter,
  tokenWriter,
  type WriterFile,
} from './sources/index.ts'
export type { InvokeFile } from './step-schema.ts'
export { leaveOut } from './steps.ts'
export { branchSlug, expandText, expandValues, type TextScope } from './text.ts'
export { watcherOf } from './watch.ts'
