/** The proof: what pipelines need, held against the policies as they stand in templates or live accounts. */

export { exportedValues } from './landscape/exported-values.ts'
export type { Finding } from './landscape/finding.ts'
export type { GivenOrganization } from './landscape/gathering.ts'
export type * from './landscape/landscape.ts'
export { type FailedWork, failureMessages } from './landscape/live/failure-messages.ts'
export { type ReadExisting, readExisting } from './landscape/live/read-existing.ts'
export { type LivePipeline, type LivePlace, readLivePipeline } from './landscape/live/read-live-pipeline.ts'
export type { LiveTemplate } from './landscape/live/read-stack-template.ts'
export type { Reach, Unread } from './landscape/live/reading.ts'
export { originOfPolicy } from './landscape/origin-of-policy.ts'
export type { Origin, PlacedTemplate } from './landscape/placed-template.ts'
export { readAssembly } from './landscape/read-assembly.ts'
export { readLandscape } from './landscape/read-landscape.ts'
export { StandIns } from './landscape/stand-ins.ts'
export { DEPLOYMENT } from './proof/deployment-needs.ts'
export {
  type Diagnosis,
  diagnose,
  type ExplainedDenial,
  type FailedAction,
  type FailedRun,
} from './proof/explain-failed-run.ts'
export type { FurtherNeeds } from './proof/gather-edges.ts'
export { onKnownKeys } from './proof/on-known-keys.ts'
export {
  type Edge,
  type Failure,
  isFailed,
  type Proof,
  type ProvenStack,
  type Remedy,
  type Use,
} from './proof/proof.ts'
export { type ProveOptions, prove } from './proof/prove.ts'
export { acrossAccounts, type TemplateFailure } from './report/across-accounts.ts'
export { type CostAssumptions, type CostEstimate, estimateCost } from './report/cost/estimate.ts'
export { type AccessAnswer, type AccessQuestion, explainAccess } from './report/explain-access.ts'
export { type CheckResults, isAssumption, type Problem, problemsOf } from './report/findings.ts'
export { type AccessGraph, accessGraph } from './report/graph/graph.ts'
export { toMermaid } from './report/graph/mermaid.ts'
export { toSvg } from './report/graph/svg.ts'
export { toTree } from './report/graph/tree.ts'
export { type FailureGroup, groupFailures } from './report/group-failures.ts'
export { lint } from './report/lint/index.ts'
export type { LintRule } from './report/lint/rule.ts'
export { templateFindings } from './report/lint/rules/template-faults.ts'
export { type Excess, findOvergrants } from './report/overgrant.ts'
export { countQuotas } from './report/quotas/index.ts'
export type { Quota, QuotaUse } from './report/quotas/quota.ts'
export { toSarif } from './report/sarif.ts'
export { edgeInWords, explanationInWords } from './report/words.ts'
