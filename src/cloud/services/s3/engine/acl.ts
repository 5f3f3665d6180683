/** Access control lists, as far as they matter here: who owns an object, and what a bucket refuses. */
import type { Context } from '../../../kernel/context.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import type { Bucket, ObjectDetails } from '../state.ts'
import { accessDenied, aclNotSupported, invalidArgument } from './errors.ts'

export interface AclInput {
  readonly ACL?: string
}

/** Members that grant to single grantees; the cloud takes canned ACLs only. */
export const grantMembers = [
  'GrantFullControl',
  'GrantRead',
  'GrantReadACP',
  'GrantWrite',
  'GrantWriteACP',
] as const

const PUBLIC = ['public-read', 'public-read-write', 'authenticated-read']
const KNOWN = ['private', 'bucket-owner-read', 'bucket-owner-full-control', 'aws-exec-read', ...PUBLIC]

/** AWS: a bucket made without saying otherwise has ACLs switched off. */
export const ownershipOf = (bucket: Bucket): NonNullable<Bucket['ownership']> =>
  bucket.ownership ?? 'ObjectWriter'

export const hasAcls = (bucket: Bucket): boolean => ownershipOf(bucket) !== 'BucketOwnerEnforced'

/**
 * Errors: AccessControlListNotSupported in a bucket that has ACLs switched off, AccessDenied for a public ACL that
 * Block Public Access refuses, UnsupportedParameter for grants.
 */
export function checkObjectAcl(bucket: Bucket, input: AclInput): void {
  const { ACL: acl } = input
  refuseUnsupported(input, grantMembers)
  if (acl === undefined) return
  if (!KNOWN.includes(acl)) throw invalidArgument('', 'x-amz-acl', acl)
  if (!hasAcls(bucket)) {
    if (acl !== 'bucket-owner-full-control') throw aclNotSupported()
    return
  }
  if (PUBLIC.includes(acl) && bucket.publicAccessBlock?.BlockPublicAcls) throw accessDenied()
  if (PUBLIC.includes(acl) || acl === 'aws-exec-read')
    refuseUnsupported({ [`x-amz-acl: ${acl}`]: acl }, [`x-amz-acl: ${acl}`])
}

/** Gives who owns a new object. AWS: the writer, unless ACLs are off or the bucket's owner is preferred and given all. */
export function ownerOf(
  ctx: Context,
  bucket: Bucket,
  { ACL: acl }: AclInput,
): Pick<ObjectDetails, 'owner' | 'bucketOwnerAccess'> {
  const ownership = ownershipOf(bucket)
  const givesAll = acl === 'bucket-owner-full-control'
  const isBuckets = ownership === 'BucketOwnerEnforced' || (ownership === 'BucketOwnerPreferred' && givesAll)
  if (isBuckets || ctx.account === '' || ctx.account === bucket.account) return { owner: bucket.account }
  const left = givesAll ? 'full' : acl === 'bucket-owner-read' ? 'read' : undefined
  return { owner: ctx.account, ...(left && { bucketOwnerAccess: left }) }
}
