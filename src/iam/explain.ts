/** Explains a decision: what every policy said, and why statements did not match. */
import { programOf } from './compile.ts'
import type { NearMiss, PolicyType } from './decision.ts'
import { decide } from './evaluate.ts'
import type { ConditionFinding, Explanation, PolicyFinding, StatementFinding } from './explanation.ts'
import { type Facts, factsOf } from './facts.ts'
import { resourcePolicyType } from './findings.ts'
import { grantFailure, grantRef } from './kms-grant.ts'
import { NAMED } from './match-principal.ts'
import { filledText } from './match-variables.ts'
import type { CompiledPolicy } from './policy.ts'
import type { CompiledStatement, Program } from './program.ts'
import { listOf, principalLists } from './read-document.ts'
import type { AuthorizationRequest } from './request.ts'
import { reasonOf } from './scan.ts'
import { rulesFor } from './service-rules/index.ts'

/** Gives the decision of `evaluate` with all that led to it. Slower than `evaluate`: it reads every policy. */
export function explain(request: AuthorizationRequest): Explanation {
  const facts = factsOf(request)
  const rules = rulesFor(facts)
  const decision = decide(facts)
  const isKeyPolicy = rules.some((rule) => rule.isKeyPolicy)
  const policies = policiesOf(request, resourcePolicyType(rules)).map(({ policyType, policy }) => {
    facts.inKeyPolicy = isKeyPolicy && policy === request.resourcePolicy
    const finding = explainPolicy(policyType, policy, facts)
    facts.inKeyPolicy = false
    return finding
  })
  policies.push(...explainGrants(facts))
  return { decision, policies, nearMisses: nearMissesIn(policies), rules: rules.map((rule) => rule.name) }
}

interface ConsultedPolicy {
  readonly policyType: PolicyType
  readonly policy: CompiledPolicy
}

function policiesOf(request: AuthorizationRequest, ofResource: PolicyType): ConsultedPolicy[] {
  const { caller, resourcePolicy } = request
  const as = (policyType: PolicyType, policies: readonly CompiledPolicy[]) =>
    policies.map((policy) => ({ policyType, policy }))
  return [
    ...as('service control policy', caller.serviceControlPolicies?.flat() ?? []),
    ...as('resource control policy', request.resourceControlPolicies?.flat() ?? []),
    ...as(ofResource, resourcePolicy ? [resourcePolicy] : []),
    ...as('identity-based policy', caller.kind === 'root' ? [] : caller.identityPolicies),
    ...as('permissions boundary', caller.boundary ? [caller.boundary] : []),
    ...as('session policy', caller.sessionPolicies ?? []),
  ]
}

function explainPolicy(policyType: PolicyType, policy: CompiledPolicy, facts: Facts): PolicyFinding {
  const program = programOf(policy)
  const hasPrincipals = isResourceSide(policyType)
  const statements = program.statements
    .map((statement) => explainStatement(statement, program, policyType, hasPrincipals, facts))
    .filter((finding) => finding !== undefined)
  return { policyType, policy: policy.ref, verdict: verdictOf(statements), statements }
}

const isResourceSide = (policyType: PolicyType): boolean =>
  policyType === 'resource-based policy' ||
  policyType === 'role trust policy' ||
  policyType === 'resource control policy'

function verdictOf(statements: readonly StatementFinding[]): PolicyFinding['verdict'] {
  const matched = statements.filter((statement) => statement.matched)
  if (matched.some((statement) => statement.effect === 'Deny')) return 'denies'
  return matched.length ? 'allows' : 'silent'
}

type Failure = Pick<NearMiss, 'failed' | 'key' | 'detail'>

/** Gives undefined for a statement about other actions, unless naming the action is all it lacks. */
function explainStatement(
  statement: CompiledStatement,
  program: Program,
  policyType: PolicyType,
  hasPrincipals: boolean,
  facts: Facts,
): StatementFinding | undefined {
  const conditions = explainConditions(statement, program, facts)
  const failure =
    (hasPrincipals ? principalFailure(statement, facts) : undefined) ??
    resourceFailure(statement, program, facts) ??
    conditionFailure(conditions)
  const reason = reasonOf(statement, policyType)
  if (statement.action(facts.action))
    return failure
      ? { ...reason, matched: false, ...failure, conditions }
      : { ...reason, matched: true, conditions }
  if (failure || !statement.allows || !namesService(statement, facts)) return undefined
  return { ...reason, matched: false, ...actionFailure(statement, facts), conditions }
}

function namesService({ source }: CompiledStatement, { action }: Facts): boolean {
  const prefix = action.slice(0, action.indexOf(':') + 1)
  return listOf(source.Action ?? source.NotAction).some((name) => name.toLowerCase().startsWith(prefix))
}

const quoted = (texts: readonly string[]): string =>
  texts.map((text) => `"${text}"`).join(' or ') || 'nothing'

function actionFailure({ source }: CompiledStatement, { request }: Facts): Failure {
  const detail =
    source.Action === undefined
      ? `NotAction leaves out ${quoted(listOf(source.NotAction))}, asked for "${request.action}"`
      : `names ${quoted(listOf(source.Action))}, asked for "${request.action}"`
  return { failed: 'action', detail }
}

function principalFailure({ principal, source }: CompiledStatement, { caller }: Facts): Failure | undefined {
  if (principal && principal(caller) !== NAMED.not) return undefined
  const element = source.Principal ?? source.NotPrincipal
  const names = element === undefined ? [] : Object.values(principalLists(element)).flat()
  const who = caller.kind === 'anonymous' ? (caller.federated ?? 'anonymous') : (caller.service ?? caller.arn)
  const verb = source.NotPrincipal === undefined ? 'names' : 'NotPrincipal leaves out'
  return { failed: 'principal', detail: `${verb} ${quoted(names)}, the caller is "${who}"` }
}

function resourceFailure(statement: CompiledStatement, program: Program, facts: Facts): Failure | undefined {
  if (statement.resource(facts.resource, facts)) return undefined
  const { Resource: named, NotResource: excepted } = statement.source
  const variables = program.document.Version === '2012-10-17'
  const patterns = listOf(named ?? excepted).map((pattern) => filledText(pattern, variables, facts))
  const verb = excepted === undefined ? 'names' : 'NotResource leaves out'
  return { failed: 'resource', detail: `${verb} ${quoted(patterns)}, asked for "${facts.resource}"` }
}

function explainConditions(statement: CompiledStatement, program: Program, facts: Facts): ConditionFinding[] {
  const variables = program.document.Version === '2012-10-17'
  return statement.conditions.map((condition) => ({
    operator: condition.operator,
    key: condition.key,
    wanted: condition.wanted.map((text) => filledText(text, variables, facts)),
    got: condition.read(facts),
    held: condition.holds(facts),
  }))
}

function conditionFailure(conditions: readonly ConditionFinding[]): Failure | undefined {
  const failed = conditions.find((condition) => !condition.held)
  if (!failed) return undefined
  return { failed: 'condition', key: failed.key, detail: conditionInWords(failed, 'wanted') }
}

/** Gives a condition with the value that the request gave: what it wants, or what it denies. */
export function conditionInWords(
  { operator, key, wanted, got }: ConditionFinding,
  verb: 'wanted' | 'denied',
): string {
  const given =
    got === undefined ? 'no value' : Array.isArray(got) ? got.map((v) => `"${v}"`).join(', ') : `"${got}"`
  return `${operator} ${key}: ${verb} ${isNegated(operator) ? 'anything but ' : ''}${quoted(wanted)}, got ${given || 'no value'}`
}

/** `ForAnyValue:StringNotLike`, `ArnNotEqualsIfExists`, `NotIpAddress`: whatever is not one of the values. */
const isNegated = (operator: string): boolean => /not/i.test(operator)

function explainGrants(facts: Facts): PolicyFinding[] {
  if (!facts.action.startsWith('kms:')) return []
  return (facts.request.grants ?? []).map((grant, index) => {
    const failure = grantFailure(grant, facts)
    const policy = grantRef(grant, facts)
    const reason = { policyType: 'grant', policy, index, effect: 'Allow' } as const
    const statement = failure
      ? { ...reason, matched: false, ...failure, conditions: [] }
      : { ...reason, matched: true, conditions: [] }
    return {
      policyType: 'grant',
      policy,
      verdict: failure ? 'silent' : 'allows',
      statements: [statement],
    }
  })
}

/** How far a statement got before it failed. */
const PARTS: readonly NearMiss['failed'][] = ['action', 'condition', 'resource', 'principal']

function nearMissesIn(policies: readonly PolicyFinding[]): NearMiss[] {
  return policies
    .flatMap((policy) => policy.statements)
    .filter((statement) => !statement.matched && statement.effect === 'Allow')
    .map(({ matched: _, conditions: __, failed, detail, ...reason }) => ({
      ...reason,
      failed: failed!,
      detail: detail!,
    }))
    .sort((one, other) => PARTS.indexOf(one.failed) - PARTS.indexOf(other.failed))
}
