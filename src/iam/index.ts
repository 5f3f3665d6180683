/** Policy evaluation: one evaluator for the proof and for the embedded cloud. */
export {
  type AwsManagedPolicy,
  awsManagedPolicies,
  awsManagedPolicy,
  awsManagedPolicyArns,
  MANAGED_POLICIES_OF,
} from './aws-managed-policies.ts'
export { compile } from './compile.ts'
export * from './decision.ts'
export { evaluate } from './evaluate.ts'
export { explain } from './explain.ts'
export { type DenialExplanation, explainDenial } from './explain-denial.ts'
export type * from './explanation.ts'
export { compileWildcard } from './match-wildcard.ts'
export { withConditions } from './narrowing.ts'
export type * from './policy.ts'
export { PolicySyntaxError } from './policy-syntax-error.ts'
export { type NamedPrincipals, principalsOf } from './principals-of.ts'
export { isPublic } from './public-policy.ts'
export type * from './request.ts'
export { type Suggestion, suggest } from './suggest.ts'
export {
  type PolicyKind,
  type PolicyProblem,
  policyProblems,
  validate,
  validateCompiled,
} from './validate.ts'
export { bucketStatementProblem } from './validate-bucket-policy.ts'
export { inWords, placeName, policyName, statementNumber } from './words.ts'
