/** Decides whether a request is allowed. */
import type { Decision, PolicyType, StatementReason } from './decision.ts'
import { type Facts, factsOf } from './facts.ts'
import { type Findings, readAll, resourcePolicyType } from './findings.ts'
import { NAMED } from './match-principal.ts'
import { explicitDenyMessage, implicitDenyMessage } from './message.ts'
import type { AuthorizationRequest } from './request.ts'
import { reasonOf } from './scan.ts'
import { rulesFor } from './service-rules/index.ts'
import type { Permit, ServiceRule } from './service-rules/service-rule.ts'

/**
 * Gives the decision for a request; never throws on a denial.
 *
 * AWS: an explicit deny anywhere wins. Inside one account identity or resource policies allow, within the limits of
 * boundary, session and organization policies; across accounts both sides must allow.
 */
export function evaluate(request: AuthorizationRequest): Decision {
  return decide(factsOf(request))
}

/** Decides for facts that are at hand already. */
export function decide(facts: Facts): Decision {
  const rules = rulesFor(facts)
  for (const rule of rules) {
    const settled = rule.settle?.(facts)
    if (settled) return settled
  }
  const findings = readAll(facts, rules)
  if (findings.denied) return explicitDeny(facts, rules, findings.denied)
  const outcome = allowance(facts, rules, findings)
  if (typeof outcome === 'string') return implicitDeny(facts, rules, outcome)
  return { effect: 'allowed', decidedBy: outcome, message: '' }
}

function explicitDeny(facts: Facts, rules: readonly ServiceRule[], reason: StatementReason): Decision {
  const message = ownMessage(facts, rules, reason.policyType) ?? explicitDenyMessage(facts, reason)
  return { effect: 'explicitDeny', decidedBy: [reason], message }
}

function implicitDeny(facts: Facts, rules: readonly ServiceRule[], missing: PolicyType): Decision {
  const message = ownMessage(facts, rules, missing) ?? implicitDenyMessage(facts, missing)
  return { effect: 'implicitDeny', decidedBy: [], missing, message }
}

function ownMessage(facts: Facts, rules: readonly ServiceRule[], policyType: PolicyType): string | undefined {
  for (const rule of rules) {
    const message = rule.message?.(facts, policyType)
    if (message !== undefined) return message
  }
  return undefined
}

/** The statements that allow, or the kind of policy that has no allow. */
type Outcome = readonly StatementReason[] | PolicyType

function allowance(facts: Facts, rules: readonly ServiceRule[], findings: Findings): Outcome {
  const { caller } = facts
  if (!findings.organizationAllows) return 'service control policy'
  if (caller.kind === 'service' || caller.kind === 'anonymous') return byResource(facts, rules, findings)
  const byPolicy =
    caller.account === facts.resourceAccount
      ? insideAccount(facts, rules, findings)
      : acrossAccounts(facts, rules, findings)
  if (typeof byPolicy !== 'string') return byPolicy
  const permit = permitFor(facts, rules)
  return permit ? byPermit(permit, facts, findings) : byPolicy
}

function permitFor(facts: Facts, rules: readonly ServiceRule[]): Permit | undefined {
  for (const rule of rules) {
    const permit = rule.permit?.(facts)
    if (permit) return permit
  }
  return undefined
}

function byPermit(permit: Permit, facts: Facts, findings: Findings): Outcome {
  if (!permit.delegated) return permit.limited ? limited([permit.reason], facts, findings) : [permit.reason]
  if (facts.caller.kind === 'root') return [permit.reason]
  const identity = byIdentity(facts, findings)
  return typeof identity === 'string' ? identity : [permit.reason, ...identity]
}

/** AWS: services and anonymous callers have nothing but the resource's policy. */
function byResource(facts: Facts, rules: readonly ServiceRule[], findings: Findings): Outcome {
  const policyType = resourcePolicyType(rules)
  const { allow, named } = findings.resource
  if (allow && named === NAMED.directly) return [reasonOf(allow, policyType)]
  const permit = permitFor(facts, rules)
  return permit ? [permit.reason] : policyType
}

function insideAccount(facts: Facts, rules: readonly ServiceRule[], findings: Findings): Outcome {
  const { allow, named } = findings.resource
  const policyType = resourcePolicyType(rules)
  const mustBeNamed = rules.some((rule) => rule.resourcePolicyRules)
  if (facts.caller.kind === 'root' && !mustBeNamed) return []
  if (allow && named === NAMED.directly) return [reasonOf(allow, policyType)]
  if (allow && named === NAMED.byRole) return limited([reasonOf(allow, policyType)], facts, findings)
  if (!mustBeNamed) return byIdentity(facts, findings)
  if (!allow) return policyType
  const identity = byIdentity(facts, findings)
  return typeof identity === 'string' ? identity : [reasonOf(allow, policyType), ...identity]
}

function acrossAccounts(facts: Facts, rules: readonly ServiceRule[], findings: Findings): Outcome {
  const identity = facts.caller.kind === 'root' ? [] : byIdentity(facts, findings)
  if (typeof identity === 'string') return identity
  const { allow } = findings.resource
  const policyType = resourcePolicyType(rules)
  return allow ? [...identity, reasonOf(allow, policyType)] : policyType
}

function byIdentity(facts: Facts, findings: Findings): Outcome {
  const { allow } = findings.identity
  if (!allow) return 'identity-based policy'
  return limited([reasonOf(allow, 'identity-based policy')], facts, findings)
}

/** Applies boundary and session policies to an allow. */
function limited(allowed: readonly StatementReason[], facts: Facts, findings: Findings): Outcome {
  const { boundary, sessionPolicies } = facts.caller
  if (!boundary && !sessionPolicies) return allowed
  if (boundary && !findings.boundary.allow) return 'permissions boundary'
  if (sessionPolicies && !findings.session.allow) return 'session policy'
  const reasons = [...allowed]
  if (boundary) reasons.push(reasonOf(findings.boundary.allow!, 'permissions boundary'))
  if (sessionPolicies) reasons.push(reasonOf(findings.session.allow!, 'session policy'))
  return reasons
}
