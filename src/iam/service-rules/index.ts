/** The registry of service rules. */
import type { Facts } from '../facts.ts'
import { iamPassRole } from './iam-pass-role.ts'
import { kmsKey } from './kms-key.ts'
import { s3BlockPublicAccess } from './s3-block-public-access.ts'
import { s3BucketPolicyOfRoot } from './s3-bucket-policy-of-root.ts'
import type { ServiceRule } from './service-rule.ts'
import { stsOpenOperations } from './sts-open-operations.ts'
import { stsTrustPolicy } from './sts-trust-policy.ts'

export const serviceRules: readonly ServiceRule[] = [
  iamPassRole,
  kmsKey,
  s3BlockPublicAccess,
  s3BucketPolicyOfRoot,
  stsOpenOperations,
  stsTrustPolicy,
]

const NONE: readonly ServiceRule[] = []
const byAction = new Map<string, readonly ServiceRule[]>()
const ACTIONS_KEPT = 4096

/** Gives the rules that speak of a request. */
export function rulesFor(facts: Facts): readonly ServiceRule[] {
  const rules = rulesOfAction(facts.action)
  if (rules.length === 0) return NONE
  return rules.every((rule) => applies(rule, facts)) ? rules : rules.filter((rule) => applies(rule, facts))
}

const applies = (rule: ServiceRule, facts: Facts): boolean => rule.appliesTo?.(facts) ?? true

function rulesOfAction(action: string): readonly ServiceRule[] {
  let rules = byAction.get(action)
  if (!rules) {
    const [service, name = ''] = action.split(':')
    rules = serviceRules.filter((rule) => rule.service === service && (rule.actions?.has(name) ?? true))
    if (byAction.size >= ACTIONS_KEPT) byAction.clear()
    byAction.set(action, rules)
  }
  return rules
}
