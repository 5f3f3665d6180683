/** kms:GetKeyPolicy, PutKeyPolicy and ListKeyPolicies. */
import { AwsError } from '../../../../model/index.ts'
import { policyText } from '../../../kernel/bound-policy.ts'
import { operation } from '../../../kernel/operation.ts'
import { changeKey } from '../engine/find-key.ts'
import { keyPolicy } from '../engine/key-policy.ts'
import { mustNotBePendingDeletion } from '../engine/key-state.ts'
import { keyKind } from '../kinds.ts'

const NAME = 'default'

/** AWS: a key has one policy, and its name is `default`. */
function mustBeDefault(name: string | undefined): void {
  if (name !== undefined && name !== NAME) throw new AwsError('NotFoundException', `No such policy exists`)
}

/** Errors: NotFoundException. */
export const GetKeyPolicy = operation({
  service: 'kms',
  name: 'GetKeyPolicy',
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'GetKeyPolicy', KeyId)],
  run: ({ KeyId, PolicyName }, ctx) => {
    mustBeDefault(PolicyName)
    const { policy } = keyKind.find(ctx, KeyId)
    return { Policy: policyText(policy, ctx.cloud.directory), PolicyName: NAME }
  },
})

/** Errors: NotFoundException, MalformedPolicyDocumentException, LimitExceededException, KMSInvalidStateException. */
export const PutKeyPolicy = operation({
  service: 'kms',
  name: 'PutKeyPolicy',
  access: ({ KeyId, BypassPolicyLockoutSafetyCheck = false }, ctx) => [
    keyKind.on(ctx, 'PutKeyPolicy', KeyId, {
      'kms:BypassPolicyLockoutSafetyCheck': String(BypassPolicyLockoutSafetyCheck),
    }),
  ],
  run: ({ KeyId, PolicyName, Policy, BypassPolicyLockoutSafetyCheck }, ctx) => {
    mustBeDefault(PolicyName)
    const key = keyKind.find(ctx, KeyId)
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
  access: ({ KeyId }, ctx) => [keyKind.on(ctx, 'ListKeyPolicies', KeyId)],
  run: ({ KeyId }, ctx) => {
    keyKind.find(ctx, KeyId)
    return { PolicyNames: [NAME], Truncated: false }
  },
})
