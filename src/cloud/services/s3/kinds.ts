/** The kinds of resources that S3 keeps: buckets, and the objects in them. */

import type { CompiledPolicy, ConditionContext } from '../../../iam/index.ts'
import { resourcePolicyOf } from '../../../model/index.ts'
import type { AccessRequest } from '../../kernel/access-request.ts'
import { compiledBoundPolicy } from '../../kernel/bound-policy.ts'
import type { Context } from '../../kernel/context.ts'
import { type Found, resourceKind } from '../../kernel/resource-kind.ts'
import { tagMap } from '../../kernel/tags.ts'
import { hasAcls } from './engine/acl.ts'
import { objectsOf } from './engine/bucket-objects.ts'
import { accessDenied, noSuchBucket, noSuchKey } from './engine/errors.ts'
import { type BucketInput, bucketArn, findBucket, objectArn, signatureVersion } from './engine/find-bucket.ts'
import { type Bucket, buckets, bucketTable, type ObjectVersion, objectVersions } from './state.ts'

/** One that is about to be made is not looked for: whether its name is taken is told after authorization. */
type NamedBucket = (BucketInput & { readonly anyRegion?: true }) | { readonly New: string }

const bucketToMake = ({ account, region }: Context, name: string): Found<Bucket> => ({
  arn: bucketArn(name),
  account,
  region,
})

/**
 * A bucket, named as requests do. AWS: its tags are not looked at by policies, unless attribute-based access control is
 * enabled for the bucket (it is off in a new one, and PutBucketAbac is not supported here); a TagSet replaces them
 * whole.
 */
export const bucketKind = resourceKind({
  service: 's3',
  table: buckets,
  key: ({ name }) => name,
  found: (ctx, named: NamedBucket) =>
    'New' in named ? bucketToMake(ctx, named.New) : findBucket(ctx, named),
  absent: ({ arn }) => noSuchBucket(arn),
  policy: ({ record }, ctx) => policyOf(record, ctx),
  tags: { prefixes: [], of: ({ tags = [] }) => tagMap(tags), creation: 'TagResource' },
  conditions: (_found, ctx) => signature(ctx),
  access: ({ record }) => answers(record),
  put: (ctx, _found, record) => bucketTable(ctx.cloud).put(record.name, record),
})

interface FoundObject extends Found<ObjectVersion> {
  readonly bucket: Bucket
  readonly key: string
}

export interface ObjectInput {
  readonly Key: string
  readonly VersionId?: string
}

const foundObject = (bucket: Bucket, key: string, record?: ObjectVersion): FoundObject => ({
  record,
  arn: objectArn(bucket.name, key),
  account: bucket.account,
  region: bucket.region,
  bucket,
  key,
})

/**
 * A version of an object, be it a delete marker, named by its bucket, its key and perhaps its id. AWS: the bucket's
 * policy speaks of objects too; their tags are keys of S3's own.
 */
export const objectKind = resourceKind({
  service: 's3',
  table: objectVersions,
  key: ({ key }) => key,
  found: (ctx, [bucket, { Key, VersionId }]: readonly [bucket: Bucket, named: ObjectInput]) => {
    const objects = objectsOf(ctx.cloud, bucket.name)
    const version = VersionId === undefined ? objects.latest(Key) : objects.version(Key, VersionId)
    return foundObject(bucket, Key, version)
  },
  absent: ({ key }) => noSuchKey(key),
  policy: ({ bucket }, ctx) => policyOf(bucket, ctx),
  tags: { prefixes: ['s3:ExistingObjectTag/'], of: ({ tags }) => tagMap(tags) },
  conditions: (_found, ctx) => signature(ctx),
  access: ({ bucket, record }, action, ctx) => {
    const owner = record && hasAcls(bucket) ? ownerFor(ctx, bucket, action, record) : bucket.account
    if (owner === bucket.account) return answers(bucket)
    return { ...answers(bucket), resourceAccount: owner, resourcePolicy: undefined }
  },
  put: (ctx, { bucket }, version) => objectsOf(ctx.cloud, bucket.name).update(version),
})

/** Asks for an action on a key, whatever is there: what is written or deleted, and uploads in parts. */
export const onKey = (
  ctx: Context,
  action: string,
  bucket: Bucket,
  key: string,
  context?: ConditionContext,
): AccessRequest => objectKind.onFound(ctx, action, foundObject(bucket, key), context)

export const kinds = [bucketKind, objectKind]

/**
 * The account whose policies decide about an object.
 * AWS: with ACLs enabled an object belongs to its writer; the bucket's owner has what the object's ACL leaves to it,
 * may always delete it, and the bucket policy does not speak for it.
 */
function ownerFor(
  ctx: Context,
  bucket: Bucket,
  action: string,
  { owner, bucketOwnerAccess }: ObjectVersion,
): string {
  if (!/^(Get|Put)Object/.test(action) || action === 'PutObject') return bucket.account
  const isLeft = bucketOwnerAccess === 'full' || (bucketOwnerAccess === 'read' && action.startsWith('Get'))
  return ctx.account === bucket.account && isLeft ? bucket.account : owner
}

const policyOf = (bucket: Bucket | undefined, ctx: Context): CompiledPolicy | undefined =>
  bucket?.policy &&
  compiledBoundPolicy(bucket.policy, ctx.cloud.directory, resourcePolicyOf(bucketArn(bucket.name)))

const signature = (ctx: Context): ConditionContext | undefined =>
  ctx.identity.kind === 'anonymous' ? undefined : { 's3:signatureversion': signatureVersion(ctx) }

/** S3 words denials in its own way, and has a block before the policy. */
function answers(bucket: Bucket | undefined): Partial<AccessRequest> {
  const block = bucket?.publicAccessBlock
  return {
    publicAccessBlock: block && {
      blockPublicPolicy: block.BlockPublicPolicy,
      restrictPublicBuckets: block.RestrictPublicBuckets,
    },
    onDenied: (decision) => accessDenied(decision.message),
  }
}
