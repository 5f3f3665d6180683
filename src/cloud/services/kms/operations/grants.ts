/** kms:ListGrants, ListRetirableGrants, RevokeGrant and RetireGrant. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { changeKey } from '../engine/find-key.ts'
import { readGrantToken } from '../engine/grant-token.ts'
import { endDryRun, mustNotBePendingDeletion } from '../engine/key-state.ts'
import { pageOf } from '../engine/page.ts'
import { keyKind } from '../kinds.ts'
import { type GrantRecord, type KeyRecord, keys } from '../state.ts'
import { isForAwsResource } from './create-grant.ts'

const output = (key: KeyRecord, grant: GrantRecord) => {
  const { encryptionContextEquals, encryptionContextSubset } = grant
  const constraints = {
    ...(encryptionContextEquals ? { EncryptionContextEquals: { ...encryptionContextEquals } } : {}),
    ...(encryptionContextSubset ? { EncryptionContextSubset: { ...encryptionContextSubset } } : {}),
  }
  return {
    KeyId: key.arn,
    GrantId: grant.id,
    Name: grant.name ?? '',
    CreationDate: new Date(grant.created),
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal ? { RetiringPrincipal: grant.retiringPrincipal } : {}),
    IssuingAccount: grant.issuingAccount,
    Operations: [...grant.operations] as 'Decrypt'[],
    ...(Object.keys(constraints).length ? { Constraints: constraints } : {}),
  }
}

/** Errors: NotFoundException, InvalidMarkerException, KMSInvalidStateException. */
export const ListGrants = operation({
  service: 'kms',
  name: 'ListGrants',
  access: ({ KeyId }, ctx) => [
    keyKind.on(ctx, 'ListGrants', KeyId, { 'kms:GrantIsForAWSResource': isForAwsResource(ctx) }),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['GranteeServicePrincipal'])
    const key = keyKind.find(ctx, input.KeyId)
    mustNotBePendingDeletion(key)
    const wanted = key.grants.filter(
      (grant) =>
        (input.GrantId === undefined || grant.id === input.GrantId) &&
        (input.GranteePrincipal === undefined || grant.granteePrincipal === input.GranteePrincipal),
    )
    const { items, rest } = pageOf(input, wanted)
    return { Grants: items.map((grant) => output(key, grant)), ...rest }
  },
})

/** AWS: in all of the account's keys of the region. Errors: InvalidMarkerException. */
export const ListRetirableGrants = operation({
  service: 'kms',
  name: 'ListRetirableGrants',
  access: () => [{ action: 'kms:ListRetirableGrants', resource: '*' }],
  run: (input, ctx) => {
    refuseUnsupported(input, ['RetiringServicePrincipal'])
    const found = ctx
      .table(keys)
      .values()
      .flatMap((key) => key.grants.map((grant) => [key, grant] as const))
      .filter(([, grant]) => grant.retiringPrincipal === input.RetiringPrincipal)
    const { items, rest } = pageOf(input, found)
    return { Grants: items.map(([key, grant]) => output(key, grant)), ...rest }
  },
})

/** Errors: NotFoundException, InvalidGrantIdException, KMSInvalidStateException. */
export const RevokeGrant = operation({
  service: 'kms',
  name: 'RevokeGrant',
  access: ({ KeyId }, ctx) => [
    keyKind.on(ctx, 'RevokeGrant', KeyId, { 'kms:GrantIsForAWSResource': isForAwsResource(ctx) }),
  ],
  run: ({ KeyId, GrantId, DryRun }, ctx) => {
    removeGrant(ctx, keyKind.find(ctx, KeyId), { id: GrantId, dryRun: DryRun })
    return {}
  },
})

interface GrantName {
  readonly KeyId?: string
  readonly GrantId?: string
  readonly GrantToken?: string
}

/** AWS: a grant is named by its token, or by the key's ARN and its id. */
function named({ KeyId, GrantId, GrantToken }: GrantName): { keyArn: string; grantId: string } {
  if (GrantToken !== undefined) return readGrantToken(GrantToken)
  if (KeyId !== undefined && GrantId !== undefined) return { keyArn: KeyId, grantId: GrantId }
  throw new AwsError('ValidationException', 'Please specify either a grant token or a key ID and a grant ID.')
}

/**
 * AWS: the retiring principal may, and a grantee whose grant covers RetireGrant.
 * Errors: NotFoundException, InvalidGrantTokenException, InvalidGrantIdException, KMSInvalidStateException.
 */
export const RetireGrant = operation({
  service: 'kms',
  name: 'RetireGrant',
  access: (input, ctx) => {
    const { keyArn, grantId } = named(input)
    const request = keyKind.on(ctx, 'RetireGrant', keyArn)
    return [{ ...request, grants: request.grants?.filter((grant) => grant.id === grantId) }]
  },
  run: (input, ctx) => {
    const { keyArn, grantId } = named(input)
    removeGrant(ctx, keyKind.find(ctx, keyArn), { id: grantId, dryRun: input.DryRun })
    return {}
  },
})

function removeGrant(ctx: Context, key: KeyRecord, { id, dryRun }: { id: string; dryRun?: boolean }): void {
  mustNotBePendingDeletion(key)
  if (!key.grants.some((grant) => grant.id === id))
    throw new AwsError('NotFoundException', `Grant ID ${id} not found`)
  endDryRun(dryRun)
  changeKey(ctx, key, { grants: key.grants.filter((grant) => grant.id !== id) })
}
