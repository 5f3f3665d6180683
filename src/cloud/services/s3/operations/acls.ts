/** s3:GetBucketAcl, PutBucketAcl, GetObjectAcl, PutObjectAcl: the owner has full control, and there is little else. */
import type { Input } from '../../../kernel/api.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkObjectAcl, grantMembers, hasAcls, ownerOf } from '../engine/acl.ts'
import { objectsOf } from '../engine/bucket-objects.ts'
import { aclNotSupported, invalidRequest } from '../engine/errors.ts'
import { findObject, readAccess } from '../engine/find-object.ts'
import { bucketKind } from '../kinds.ts'
import { canonicalUser } from './buckets.ts'

type Policy = Input<'s3', 'PutBucketAcl'>['AccessControlPolicy']

const grant = (account: string, Permission: 'FULL_CONTROL' | 'READ') => ({
  Grantee: { Type: 'CanonicalUser' as const, ID: canonicalUser(account) },
  Permission,
})

export const getBucketAcl = operation({
  service: 's3',
  name: 'GetBucketAcl',
  access: (input, ctx) => [bucketKind.on(ctx, 'GetBucketAcl', input)],
  run: (input, ctx) => {
    const { account } = bucketKind.find(ctx, input)
    return { Owner: { ID: canonicalUser(account) }, Grants: [grant(account, 'FULL_CONTROL')] }
  },
})

export const getObjectAcl = operation({
  service: 's3',
  name: 'GetObjectAcl',
  access: (input, ctx) => [
    readAccess(ctx, bucketKind.find(ctx, input), input, {
      plain: 'GetObjectAcl',
      version: 'GetObjectVersionAcl',
    }),
  ],
  run: async (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    const { owner, bucketOwnerAccess } = await findObject(ctx, bucket, input)
    const left = bucketOwnerAccess === 'full' ? 'FULL_CONTROL' : 'READ'
    return {
      Owner: { ID: canonicalUser(owner) },
      Grants: [
        grant(owner, 'FULL_CONTROL'),
        ...(bucketOwnerAccess === undefined ? [] : [grant(bucket.account, left)]),
      ],
    }
  },
})

/** Whether a policy says no more than that the account has full control. */
function isOwnersOnly(policy: NonNullable<Policy>, account: string): boolean {
  const id = canonicalUser(account)
  const grants = policy.Grants ?? []
  const isOwner = policy.Owner?.ID === undefined || policy.Owner.ID === id
  return isOwner && grants.every((one) => one.Permission === 'FULL_CONTROL' && one.Grantee?.ID === id)
}

interface AclRequest {
  readonly ACL?: string
  readonly AccessControlPolicy?: Policy
}

function checkOneGiven({ ACL, AccessControlPolicy }: AclRequest): void {
  if ((ACL === undefined) === (AccessControlPolicy === undefined))
    throw invalidRequest('Specify either a canned ACL or an access control policy, and only one of them')
}

export const putBucketAcl = operation({
  service: 's3',
  name: 'PutBucketAcl',
  access: (input, ctx) => [
    bucketKind.on(ctx, 'PutBucketAcl', input, input.ACL === undefined ? {} : { 's3:x-amz-acl': input.ACL }),
  ],
  run: (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    refuseUnsupported(input, grantMembers)
    checkOneGiven(input)
    const { ACL: acl, AccessControlPolicy: policy } = input
    const changesNothing =
      policy === undefined ? acl === 'private' && hasAcls(bucket) : isOwnersOnly(policy, bucket.account)
    if (changesNothing) return {}
    if (!hasAcls(bucket)) throw aclNotSupported()
    const name = policy === undefined ? `ACL ${acl}` : 'AccessControlPolicy'
    refuseUnsupported({ [name]: true }, [name])
    return {}
  },
})

export const putObjectAcl = operation({
  service: 's3',
  name: 'PutObjectAcl',
  access: (input, ctx) => [
    readAccess(
      ctx,
      bucketKind.find(ctx, input),
      input,
      { plain: 'PutObjectAcl', version: 'PutObjectVersionAcl' },
      input.ACL === undefined ? {} : { 's3:x-amz-acl': input.ACL },
    ),
  ],
  run: async (input, ctx) => {
    const bucket = bucketKind.find(ctx, input)
    refuseUnsupported(input, [...grantMembers])
    checkOneGiven(input)
    const version = await findObject(ctx, bucket, input)
    const { AccessControlPolicy: policy } = input
    if (policy !== undefined) {
      if (isOwnersOnly(policy, version.owner)) return {}
      if (!hasAcls(bucket)) throw aclNotSupported()
      refuseUnsupported(input, ['AccessControlPolicy'])
    }
    checkObjectAcl(bucket, input)
    if (version.owner !== bucket.account) {
      const { bucketOwnerAccess: _, ...rest } = version
      const { bucketOwnerAccess } = ownerOf(ctx, { ...bucket, ownership: 'ObjectWriter' }, input)
      objectsOf(ctx.cloud, bucket.name).update({ ...rest, ...(bucketOwnerAccess && { bucketOwnerAccess }) })
    }
    return {}
  },
})
