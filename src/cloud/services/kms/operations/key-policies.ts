/** kms:GetKeyPolicy, PutKeyPolicy and ListKeyPolicies. */
import { AwsError } from '../../../../model/index.ts'
import { policyText } from '../../../kernel/bound-policy.ts'
import { operation } from '../../../kernel/operation.ts'
import { changeKey, existingKey } from '../engine/find-key.ts'
import { onKey } from '../engine/key-access.ts'
import { keyPolicy } from '../engine/key-policy.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'

const NAME = 'default'

/** AWS: a key has one policy, and its name is `default`. */
function mustBeDefault(name: string | undefined): void {
  if (name !== undefined && name !== NAME) throw new AwsError('NotFoundException', `No such policy exists`)
}

/** Errors: NotFoundException. */
export const GetKeyPolicy = operation({
  service: 'kms',
  name: 'GetKeyPolicy',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'GetKeyPolicy')],
  run: ({ KeyId, PolicyName }, ctx) => {
    mustBeDefault(PolicyName)
    const { policy } = existingKey(ctx, KeyId)
    return { Policy: policyText(policy, ctx.cloud.directory), PolicyName: NAME }
  },
})

/** Errors: NotFoundException, MalformedPolicyDocumentException, LimitExceededException, KMSInvalidStateException. */
export const PutKeyPolicy = operation({
  service: 'kms',
  name: 'PutKeyPolicy',
  access: ({ KeyId, BypassPolicyLockoutSafetyCheck = false }, ctx) => [
    onKey(ctx, KeyId, 'PutKeyPolicy', {
      'kms:BypassPolicyLockoutSafetyCheck': String(BypassPolicyLockoutSafetyCheck),
    }),
  ],
  run: ({ KeyId, PolicyName, Policy, BypassPolicyLockoutSafetyCheck }, ctx) => {
    mustBeDefault(PolicyName)
    const key = existingKey(ctx, KeyId)
    mustNotBePendingDeletion(key)
    const policy = keyPolicy(ctx, Policy, { keyArn: key.arn, bypassLockout: BypassPolicyLockoutSafetyCheck })
    changeKey(ctx, key, { policy })
    return {}
  },
})

/** Errors: NotFoundException. */
export const ListKeyPolicies = operation({
  service: 'kms',
  name: 'ListKeyPolicies',
  access: ({ KeyId }, ctx) => [onKey(ctx, KeyId, 'ListKeyPolicies')],
  run: ({ KeyId }, ctx) => {
    existingKey(ctx, KeyId)
    return { PolicyNames: [NAME], Truncated: false }
  },
})
