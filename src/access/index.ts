/** The proof: what pipelines need, held against the policies as they stand in templates or live accounts. */

export { type CostAssumptions, type CostEstimate, estimateCost } from './cost/estimate.ts'
export { type AccessAnswer, type AccessQuestion, explainAccess } from './explain-access.ts'
export { type CheckResults, type Problem, problemsOf } from './findings.ts'
export { type AccessGraph, accessGraph } from './graph/graph.ts'
export { toMermaid } from './graph/mermaid.ts'
export { toSvg } from './graph/svg.ts'
export { toTree } from './graph/tree.ts'
export { exportedValues } from './landscape/exported-values.ts'
export type { GivenOrganization } from './landscape/gathering.ts'
export type * from './landscape/landscape.ts'
export type { Origin, PlacedTemplate } from './landscape/placed-template.ts'
export { readLandscape } from './landscape/read-landscape.ts'
export { StandIns } from './landscape/stand-ins.ts'
export { lint } from './lint/index.ts'
export type { Finding, LintRule } from './lint/rule.ts'
export { templateFindings } from './lint/rules/template-faults.ts'
export {
  type Diagnosis,
  diagnose,
  type ExplainedDenial,
  type FailedAction,
  type FailedRun,
} from './live/explain-failed-run.ts'
export { type FailedWork, failureMessages } from './live/failure-messages.ts'
export { type LivePipeline, type LivePlace, readLivePipeline } from './live/read-live-pipeline.ts'
export type { LiveTemplate } from './live/read-stack-template.ts'
export type { Reach, Unread } from './live/reading.ts'
export { type Excess, findOvergrants } from './overgrant.ts'
export { acrossAccounts, type TemplateFailure } from './prove/across-accounts.ts'
export { DEPLOYMENT } from './prove/deployment-needs.ts'
export type { FurtherNeeds } from './prove/gather-edges.ts'
export { type FailureGroup, groupFailures } from './prove/group-failures.ts'
export {
  type Edge,
  type Failure,
  isFailed,
  type Proof,
  type ProvenStack,
  type Remedy,
  type Use,
} from './prove/proof.ts'
export { type ProveOptions, prove } from './prove/prove.ts'
export { countQuotas } from './quotas/index.ts'
export type { Quota, QuotaUse } from './quotas/quota.ts'
export { toSarif } from './sarif.ts'
