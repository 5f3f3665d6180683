/** kms:CreateKey. */
import { AwsError, resourcePolicyOf } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { keyMetadata } from '../engine/key-metadata.ts'
import { defaultKeyPolicy, keyPolicy } from '../engine/key-policy.ts'
import { keyArn, newKey } from '../engine/new-key.ts'
import { keyKind } from '../kinds.ts'
import { keys } from '../state.ts'
import { keyTags } from './tags.ts'

type CreateKeyInput = Input<'kms', 'CreateKey'>

/**
 * Makes a symmetric key in the caller's account and region.
 * AWS: kms:CreateKey is asked on `*`; tags take kms:TagResource as well, in a policy for the account's keys that names no
 * particular one (tag-permissions: "arn:aws:kms:*:111122223333:key/*").
 * Errors: MalformedPolicyDocumentException, LimitExceededException, TagException.
 */
export const CreateKey = operation({
  service: 'kms',
  name: 'CreateKey',
  access: (input, ctx) => {
    const context = {
      'kms:KeySpec': input.KeySpec ?? 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:MultiRegion': String(input.MultiRegion ?? false),
      'kms:BypassPolicyLockoutSafetyCheck': String(input.BypassPolicyLockoutSafetyCheck ?? false),
    }
    const create = { action: 'kms:CreateKey', resource: '*', context }
    const resource = keyArn(ctx, '*')
    // There is no key yet whose policy could say anything: the account's own policies decide.
    const resourcePolicy = compiledPolicy(defaultKeyPolicy(ctx.account), resourcePolicyOf(resource))
    const tag = { ...create, action: 'kms:TagResource', resource, resourcePolicy }
    return input.Tags?.length ? [create, tag] : [create]
  },
  run: (input, ctx) => {
    refuseOtherKeys(input)
    const id = ctx.cloud.ids.uuid()
    const tags = keyKind.newTags(keyTags.read(input.Tags))
    const policy = keyPolicy(ctx, input.Policy ?? defaultKeyPolicy(ctx.account), {
      keyArn: keyArn(ctx, id),
      bypassLockout: input.BypassPolicyLockoutSafetyCheck,
    })
    const key = newKey(ctx, { id, policy, manager: 'CUSTOMER', description: input.Description ?? '', tags })
    ctx.table(keys).put(id, key)
    return { KeyMetadata: keyMetadata(key) }
  },
})

/** Errors: UnsupportedParameter where another kind of key is wanted. */
function refuseOtherKeys(input: CreateKeyInput): void {
  refuseUnsupported(input, ['CustomKeyStoreId', 'XksKeyId'])
  const wanted = {
    KeySpec: input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
    KeyUsage: input.KeyUsage ?? 'ENCRYPT_DECRYPT',
    Origin: input.Origin ?? 'AWS_KMS',
    MultiRegion: String(input.MultiRegion ?? false),
  }
  const supported = ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'AWS_KMS', 'false']
  const other = Object.entries(wanted).find(([, value]) => !supported.includes(value))
  if (!other) return
  throw new AwsError(
    'UnsupportedParameter',
    `The embedded cloud does not support the value "${other[1]}" of the parameter "${other[0]}".`,
    { status: 501 },
  )
}
