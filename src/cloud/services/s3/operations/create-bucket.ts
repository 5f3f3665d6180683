/** s3:CreateBucket. Makes a bucket, the only one of its name in all accounts. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { grantMembers } from '../engine/acl.ts'
import { checkBucketName } from '../engine/bucket-name.ts'
import { invalidArgument } from '../engine/errors.ts'
import { checkTags } from '../engine/object-tags.ts'
import { wrongLocation } from '../engine/other-region.ts'
import { bucketKind } from '../kinds.ts'
import { type Bucket, bucketTable, type Ownership } from '../state.ts'

const FIRST_REGION = 'us-east-1'
const OWNERSHIPS: readonly string[] = ['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']

export const createBucket = operation({
  service: 's3',
  name: 'CreateBucket',
  access: (input, ctx) => {
    const { LocationConstraint: location, Tags: tags = [] } = input.CreateBucketConfiguration ?? {}
    const bucket = { New: input.Bucket }
    const context = {
      ...(location && { 's3:LocationConstraint': location }),
      ...(input.ACL && { 's3:x-amz-acl': input.ACL }),
      ...(input.ObjectOwnership && { 's3:x-amz-object-ownership': input.ObjectOwnership }),
    }
    const requests = bucketKind.onNew(ctx, 'CreateBucket', bucket, tags, context)
    if (input.ObjectOwnership && input.ObjectOwnership !== 'BucketOwnerEnforced')
      requests.push(bucketKind.on(ctx, 'PutBucketOwnershipControls', bucket, context))
    if (input.ACL && input.ACL !== 'private')
      requests.push(bucketKind.on(ctx, 'PutBucketAcl', bucket, context))
    return requests
  },
  run: (input, ctx) => {
    refuseUnsupported(input, [...grantMembers, 'BucketNamespace'])
    if (input.ObjectLockEnabledForBucket) refuseUnsupported(input, ['ObjectLockEnabledForBucket'])
    const configuration = input.CreateBucketConfiguration ?? {}
    refuseUnsupported(configuration, ['Location', 'Bucket'])
    checkBucketName(input.Bucket)
    const region = bucketRegion(ctx.region, configuration.LocationConstraint)
    const ownership = ownershipFrom(input.ObjectOwnership, input.ACL)
    const tags = checkTags(configuration.Tags ?? [], 'Bucket')
    const table = bucketTable(ctx.cloud)
    const existing = table.get(input.Bucket)
    if (existing) checkExisting(existing, ctx.account, region)
    else
      table.put(
        input.Bucket,
        newBucket(input.Bucket, ctx.account, region, ctx.cloud.clock.now(), ownership, tags),
      )
    return {
      Location: region === FIRST_REGION ? `/${input.Bucket}` : `http://${input.Bucket}.s3.amazonaws.com/`,
    }
  },
})

/** AWS: a new bucket blocks public access in all four ways, switches ACLs off and encrypts with AES256. */
function newBucket(
  name: string,
  account: string,
  region: string,
  created: number,
  ownership: Ownership,
  tags: Bucket['tags'],
): Bucket {
  const publicAccessBlock = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  return {
    name,
    account,
    region,
    created,
    ownership,
    publicAccessBlock,
    encryption: { algorithm: 'AES256', bucketKey: false },
    ...(tags?.length && { tags }),
    configurations: {},
  }
}

/** AWS: us-east-1 makes buckets anywhere, other regions' endpoints only their own and only when told so. */
function bucketRegion(endpoint: string, constraint: string | undefined): string {
  const asked = constraint === 'EU' ? 'eu-west-1' : constraint
  if (asked === FIRST_REGION || (asked !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(asked)))
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      fields: { LocationConstraint: asked },
    })
  if (endpoint === FIRST_REGION) return asked ?? FIRST_REGION
  if (asked === endpoint) return asked
  throw wrongLocation(asked)
}

function ownershipFrom(asked: string | undefined, acl: string | undefined): Ownership {
  const ownership = asked ?? 'BucketOwnerEnforced'
  if (!OWNERSHIPS.includes(ownership))
    throw invalidArgument('Invalid x-amz-object-ownership header', 'x-amz-object-ownership', ownership)
  if (acl !== undefined && acl !== 'private') {
    if (ownership === 'BucketOwnerEnforced')
      throw new AwsError(
        'InvalidBucketAclWithObjectOwnership',
        "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      )
    refuseUnsupported({ [`ACL ${acl}`]: acl }, [`ACL ${acl}`])
  }
  return ownership as Ownership
}

/** AWS: in us-east-1 alone, creating a bucket that one owns already succeeds and changes nothing. */
function checkExisting(existing: Bucket, account: string, region: string): void {
  if (existing.account !== account)
    throw new AwsError(
      'BucketAlreadyExists',
      'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
      { status: 409, fields: { BucketName: existing.name } },
    )
  if (existing.region === FIRST_REGION && region === FIRST_REGION) return
  throw new AwsError(
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
    { status: 409, fields: { BucketName: existing.name } },
  )
}
