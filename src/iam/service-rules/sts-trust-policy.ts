/** Assuming a role: the trust policy must allow it. */
import { refusal } from '../message.ts'
import type { ServiceRule } from './service-rule.ts'

/**
 * AWS: a role is assumed only if its trust policy allows it; inside the account a trust policy that names the
 * caller is enough, one that names the account needs an identity policy as well, and so does every other account.
 * Root users assume no roles. What a foreign trust policy says is not told.
 */
export const stsTrustPolicy: ServiceRule = {
  name: 'Role trust policies',
  service: 'sts',
  actions: new Set([
    'assumerole',
    'assumerolewithwebidentity',
    'assumerolewithsaml',
    'tagsession',
    'setsourceidentity',
  ]),
  resourcePolicyRules: true,
  resourcePolicyType: 'role trust policy',
  settle: ({ caller, action }) =>
    caller.kind === 'root' && action === 'sts:assumerole'
      ? {
          effect: 'implicitDeny',
          decidedBy: [],
          rule: 'root assumes role',
          message: 'Roles may not be assumed by root accounts.',
        }
      : undefined,
  message: (facts, policyType) =>
    policyType === 'role trust policy' && facts.caller.account !== facts.resourceAccount
      ? refusal(facts)
      : undefined,
}
