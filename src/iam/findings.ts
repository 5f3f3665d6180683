/** Reads every policy that has a say in a request, in the order in which AWS names them. */
import type { PolicyType, StatementReason } from './decision.ts'
import type { Facts } from './facts.ts'
import type { CompiledPolicy } from './policy.ts'
import { isUnderResourceControl } from './resource-control.ts'
import { readPolicy, readResourcePolicy, reasonOf, silent, type Verdict } from './scan.ts'
import type { ServiceRule } from './service-rules/service-rule.ts'

/** What all policies together say; reading stops at the first statement that denies. */
export interface Findings {
  denied: StatementReason | undefined
  /** False where a level of the organization has no service control policy that allows the action. */
  organizationAllows: boolean
  readonly resource: Verdict
  readonly identity: Verdict
  readonly boundary: Verdict
  readonly session: Verdict
}

const NO_POLICIES: readonly CompiledPolicy[] = []

/** What a resource policy is called under the rules of a service. */
export const resourcePolicyType = (rules: readonly ServiceRule[]): PolicyType =>
  rules.find((rule) => rule.resourcePolicyType)?.resourcePolicyType ?? 'resource-based policy'

/** AWS: the root user's identity policies do not exist, and its boundary neither. */
export function readAll(facts: Facts, rules: readonly ServiceRule[]): Findings {
  const findings: Findings = {
    denied: undefined,
    organizationAllows: true,
    resource: silent(),
    identity: silent(),
    boundary: silent(),
    session: silent(),
  }
  if (isUnderOrganization(facts)) {
    if (readServiceControl(facts, findings)) return findings
    if (readResourceControl(facts, findings)) return findings
  }
  if (readResource(facts, rules, findings)) return findings
  const { caller } = facts
  if (caller.kind !== 'user' && caller.kind !== 'role') return findings
  const { boundary } = caller
  if (readList(caller.identityPolicies, facts, findings, findings.identity, 'identity-based policy'))
    return findings
  if (boundary && readList([boundary], facts, findings, findings.boundary, 'permissions boundary'))
    return findings
  readList(caller.sessionPolicies ?? NO_POLICIES, facts, findings, findings.session, 'session policy')
  return findings
}

/** AWS: neither service nor resource control policies limit service-linked roles. */
function isUnderOrganization({ caller }: Facts): boolean {
  return caller.kind !== 'role' || !caller.principalArn.includes(':role/aws-service-role/')
}

/** AWS: service control policies limit users, roles and root users; each level must allow the action. */
function readServiceControl(facts: Facts, findings: Findings): boolean {
  const { serviceControlPolicies } = facts.caller
  if (!serviceControlPolicies || facts.caller.account === '') return false
  for (const level of serviceControlPolicies) {
    const verdict = silent()
    if (readList(level, facts, findings, verdict, 'service control policy')) return true
    if (!verdict.allow) findings.organizationAllows = false
  }
  return false
}

/** AWS: RCPFullAWSAccess is always attached, so resource control policies can only deny. */
function readResourceControl(facts: Facts, findings: Findings): boolean {
  const levels = facts.request.resourceControlPolicies
  if (!levels || !isUnderResourceControl(facts.action, facts.resource)) return false
  const verdict = silent()
  for (const level of levels) {
    for (const policy of level) {
      readResourcePolicy(policy, facts, verdict)
      if (!verdict.deny) continue
      findings.denied = reasonOf(verdict.deny, 'resource control policy')
      return true
    }
  }
  return false
}

function readResource(facts: Facts, rules: readonly ServiceRule[], findings: Findings): boolean {
  const { resourcePolicy } = facts.request
  const verdict = findings.resource
  if (!resourcePolicy) return false
  facts.inKeyPolicy = rules.some((rule) => rule.isKeyPolicy)
  readResourcePolicy(resourcePolicy, facts, verdict)
  facts.inKeyPolicy = false
  for (const rule of rules) rule.adjust?.(verdict, facts)
  if (!verdict.deny) return false
  findings.denied = reasonOf(verdict.deny, resourcePolicyType(rules))
  return true
}

function readList(
  policies: readonly CompiledPolicy[],
  facts: Facts,
  findings: Findings,
  verdict: Verdict,
  policyType: PolicyType,
): boolean {
  for (let i = 0; i < policies.length; i++) {
    readPolicy(policies[i]!, facts, verdict)
    if (!verdict.deny) continue
    findings.denied = reasonOf(verdict.deny, policyType)
    return true
  }
  return false
}
