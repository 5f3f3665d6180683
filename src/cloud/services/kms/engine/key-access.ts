/** What must be allowed on a key before an operation runs, with the condition keys KMS gives. */

import type { KeyGrant } from '../../../../iam/index.ts'
import { entryOf } from '../../../../model/index.ts'
import type { AccessRequest } from '../../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../../kernel/bound-policy.ts'
import { compiledPolicy } from '../../../kernel/compiled-policy.ts'
import type { Context } from '../../../kernel/context.ts'
import type { GrantRecord, KeyRecord } from '../state.ts'
import { type FoundKey, findKey } from './find-key.ts'

type Conditions = Record<string, string | readonly string[]>
export type EncryptionContext = Readonly<Record<string, string>>

/** AWS: above this number kms:ResourceAliases does not exist for a key. */
const ALIASES_SEEN = 50

/** Asks for an action on the key that a KeyId means. Errors: NotFoundException. */
export const onKey = (
  ctx: Context,
  keyId: string,
  action: string,
  conditions: Conditions = {},
): AccessRequest => onFoundKey(ctx, findKey(ctx, keyId), action, conditions)

/** Asks for an action on a key that is found already. */
export function onFoundKey(
  ctx: Context,
  found: FoundKey,
  action: string,
  conditions: Conditions = {},
): AccessRequest {
  const { key, arn, account, alias } = found
  const request = { action: `kms:${action}`, resource: arn, resourceAccount: account }
  if (!key) return { ...request, resourcePolicy: noPolicy(), context: conditions }
  return {
    ...request,
    resourcePolicy: compiledBoundPolicy(key.policy, ctx.cloud.directory, arn),
    awsManaged: key.manager === 'AWS',
    grants: key.grants.length ? grantsInForce(ctx, key.grants) : undefined,
    context: { ...keyConditions(key), ...(alias ? { 'kms:RequestAlias': alias } : {}), ...conditions },
  }
}

/** Asks for a cryptographic action: as onKey, with the keys of the encryption context. */
export const onKeyWith = (
  ctx: Context,
  found: FoundKey,
  action: string,
  context: EncryptionContext | undefined,
): AccessRequest => onFoundKey(ctx, found, action, encryptionConditions(context))

const noPolicy = () => compiledPolicy('{"Version":"2012-10-17","Statement":[]}', 'no key')

function keyConditions(key: KeyRecord): Conditions {
  const conditions: Conditions = {
    'kms:KeySpec': 'SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'ENCRYPT_DECRYPT',
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': 'false',
  }
  const names = key.aliases
  if (names.length > 0 && names.length <= ALIASES_SEEN) conditions['kms:ResourceAliases'] = names
  for (const [name, value] of Object.entries(key.tags)) conditions[`aws:ResourceTag/${name}`] = value
  return conditions
}

/** Gives the condition keys of an encryption context. */
export function encryptionConditions(context: EncryptionContext | undefined): Conditions {
  const conditions: Conditions = { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }
  if (!context) return conditions
  const names = Object.keys(context)
  for (const name of names) conditions[`kms:EncryptionContext:${name}`] = entryOf(context, name)!
  if (names.length) conditions['kms:EncryptionContextKeys'] = names
  return conditions
}

/** AWS: a grant is bound to the unique ids of its principals. */
function grantsInForce(ctx: Context, grants: readonly GrantRecord[]): readonly KeyGrant[] {
  const { directory } = ctx.cloud
  return grants.filter(({ principals }) =>
    Object.keys(principals).every((arn) => directory.principalId(arn) === entryOf(principals, arn)),
  )
}
