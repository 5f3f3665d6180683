/** KMS keys: the key policy decides, grants add to it. */

import type { Facts } from '../facts.ts'
import { grantPermit } from '../kms-grant.ts'
import { refusal } from '../message.ts'
import type { ServiceRule } from './service-rule.ts'

/** AWS: the operations on keys that work from another account, in lower case. */
const ACROSS_ACCOUNTS = new Set([
  'kms:creategrant',
  'kms:decrypt',
  'kms:derivesharedsecret',
  'kms:describekey',
  'kms:encrypt',
  'kms:generatedatakey',
  'kms:generatedatakeypair',
  'kms:generatedatakeypairwithoutplaintext',
  'kms:generatedatakeywithoutplaintext',
  'kms:generatemac',
  'kms:getkeyrotationstatus',
  'kms:getpublickey',
  'kms:listgrants',
  'kms:reencryptfrom',
  'kms:reencryptto',
  'kms:retiregrant',
  'kms:revokegrant',
  'kms:sign',
  'kms:verify',
  'kms:verifymac',
])

/** AWS: another account is not told whether a key exists or what its policy says. */
const foreignKeyMessage = (facts: Facts): string =>
  `${refusal(facts)} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`

/**
 * AWS: no account access follows from owning a key; identity policies count only where the key policy names the
 * account; kms:ResourceAliases does not exist in key policies; administration stays in the key's account.
 */
export const kmsKey: ServiceRule = {
  name: 'KMS key policies and grants',
  service: 'kms',
  appliesTo: ({ resource }) => resource.includes(':key/'),
  resourcePolicyRules: true,
  isKeyPolicy: true,
  settle: (facts) => {
    const { caller, resourceAccount, action } = facts
    if (caller.account === '' || caller.account === resourceAccount || ACROSS_ACCOUNTS.has(action))
      return undefined
    const missing = 'resource-based policy'
    return {
      effect: 'implicitDeny',
      decidedBy: [],
      missing,
      rule: 'foreign key',
      message: foreignKeyMessage(facts),
    }
  },
  permit: grantPermit,
  message: (facts, policyType) =>
    policyType === 'resource-based policy' && facts.caller.account !== facts.resourceAccount
      ? foreignKeyMessage(facts)
      : undefined,
}
