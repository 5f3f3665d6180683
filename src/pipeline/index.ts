/** What a CodePipeline pipeline is: rules of its declaration, action providers, needs. */
export { artifactPrefix } from './artifact-key.ts'
export { storeIn } from './artifact-needs.ts'
export { becauseOf, reason, sidOf } from './because.ts'
export { REPORT_FORMATS, type ReportGroupUse, reportGroupName, reportGroupsIn } from './build-reports.ts'
export {
  actionOfRule,
  CONDITION_TYPES,
  conditionOf,
  labelOfRule,
  type PlacedRule,
  placedRules,
  type Work,
  worksOf,
} from './conditions.ts'
export { declaredInTemplate, placeInProperties, type TemplateDeclaration } from './declared-in-template.ts'
export type { ArtifactFile, DeployedStack, PendingChangeSet } from './deployed-stack.ts'
export { deployedStacks } from './deployed-stacks.ts'
export { type DeploymentWindow, parseWindow } from './deployment-window.ts'
export { parameterArn, secretArn } from './environment-values.ts'
export { IMAGE_PULL, imagePushNeeds } from './image-needs.ts'
export { type NamedThings, namedThings, workerOf } from './named-things.ts'
export { type ActionNeeds, clonedSource, isSameContext, needsByAction, pipelineNeeds } from './needs.ts'
export { chatTarget, NOTICE_LIMITS, NOTICE_SERVICE, PIPELINE_NOTICES, rollbackStarted } from './notices.ts'
export { ownProjectNeeds, vpcNeeds } from './project-needs.ts'
export {
  CONNECTION_ACTIONS,
  codeCommitLocation,
  connectedLocation,
  connectionPrefix,
  isRepository,
  type ProjectSourceSettings,
  REPOSITORY_TYPES,
  repositoryHost,
} from './project-source.ts'
export {
  type ActionProvider,
  type Bounds,
  between,
  type ConfigurationKey,
  type SourceStart,
} from './provider.ts'
export { findProvider, provider, providers } from './providers/index.ts'
export { alarmsOf, DEPLOYMENT_ALARMS } from './providers/lambda-deploy.ts'
export { type AlarmWatch, alarmNeeds, alarmWatch } from './providers/rules/cloud-watch-alarm.ts'
export { findRuleProvider, ruleProvider, ruleProviders } from './providers/rules/index.ts'
export { variableHolds } from './providers/rules/variable-check.ts'
export {
  type FindRegistered,
  isJobWorked,
  isSameType,
  type RegisteredType,
  registeredProvider,
  typeInTemplate,
} from './registered-type.ts'
export type { ConditionType, RuleProvider } from './rule-provider.ts'
export { ACTIONS_PER_STAGE } from './rules/stages.ts'
export type { GitTrigger, Globs, TriggerFilter } from './rules/triggers.ts'
export { type Violation, validateDeclaration } from './rules.ts'
export type { RecordedData, SourceEvent } from './source-event.ts'
export { type InputFault, type StackInputs, stackInputFaults } from './stack-inputs.ts'
export {
  ADMINISTRATION_ROLE,
  EXECUTION_ROLE,
  fitsShorthand,
  listed,
  readShorthand,
  STACK_SET_NAME,
  stackSetStackPrefix,
  TARGET_UNIT,
  writeShorthand,
} from './stack-set.ts'
export type { ActionSurroundings, ProjectFacts, ProjectSurroundings, Surroundings } from './surroundings.ts'
export {
  parameterText,
  readTemplateConfiguration,
  type TemplateConfiguration,
} from './template-configuration.ts'
export { AT_ONCE, parseStrategy, type TrafficShift } from './traffic-shift.ts'
export {
  EXECUTION_NAMESPACE,
  PIPELINE_NAMESPACE,
  resolveVariables,
  type VariableReference,
  variableReferences,
} from './variables.ts'
