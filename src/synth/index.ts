/** Synthesis: a fleet becomes CloudFormation stacks in two waves. */
export {
  type ExecutionPolicy,
  executionPolicies,
  executionPolicy,
  type RecordedCall,
  recordedPolicies,
} from './execution-policies.ts'
export { type OperatorPolicy, operatorPolicies } from './operator-policies.ts'
export { pipelineStacks } from './pipeline-stacks.ts'
export { INLINE_LIMIT } from './policy-parts.ts'
export { renderTemplate } from './render.ts'
export { type SelfUpdate, selfUpdateOf } from './self-update.ts'
export { sharedConnections } from './shared-connections.ts'
export { synthesize } from './synthesize.ts'
export { type StackOfTemplate, stackNeeds } from './template-needs.ts'
