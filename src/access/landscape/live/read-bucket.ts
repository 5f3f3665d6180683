/** Reads a bucket: policy, encryption, public access block, versions, region. */
import type { S3Client } from '@aws-sdk/client-s3'
import { formatArn, resourcePolicyOf, type Target } from '../../../model/index.ts'
import type { KnownBucket } from '../landscape.ts'
import { isAbsence } from './aws-answers.ts'
import { originOf } from './origin-of.ts'
import type { Reading } from './reading.ts'

/** How a pipeline uses a bucket. */
export interface BucketUse {
  readonly name: string
  /** Where it should be. */
  readonly region: string
  /** Accounts that it may belong to, the likeliest first. */
  readonly owners: readonly string[]
  /** `the artifact store of us-east-1`, in words. */
  readonly as: string
}

/** Reads a bucket into the reading, once. A bucket that is not there, or elsewhere, is a finding. */
export function readBucket(reading: Reading, use: BucketUse): Promise<void> {
  return reading.once(`bucket ${use.name}`, async () => {
    const { name, as } = use
    const target = await placeOf(reading, use)
    if (!target) return
    const { region } = target
    const { S3Client } = await import('@aws-sdk/client-s3')
    const client = await reading.client(S3Client, target)
    const origin = await originOf(reading, target, { physicalId: name, type: 'AWS::S3::Bucket' })
    if (region !== use.region)
      reading.findings.push({
        rule: 'bucket-in-another-region',
        severity: 'error',
        message: `${as} is the bucket ${name}, which is in ${region}`,
        fix: `name a bucket of ${use.region}: an action works with the artifact store of its own region`,
        origin,
      })
    const [document, encryption, versioned, publicAccessBlock, ownership] = await Promise.all([
      policyOf(reading, client, name, target),
      encryptionOf(reading, client, name, target),
      isVersioned(reading, client, name, target),
      blockOf(reading, client, name, target),
      ownershipOf(reading, client, name, target),
    ])
    reading.buckets.set(name, {
      name,
      ...target,
      origin,
      policy: reading.policy(document, resourcePolicyOf(formatArn('s3', '', '', name)), origin),
      publicAccessBlock,
      versioned,
      ...(ownership !== undefined && { ownership }),
      ...encryption,
    })
  })
}

/** Gives the bucket's own region and account; undefined where there is no such bucket, or nobody tells. */
async function placeOf(reading: Reading, use: BucketUse): Promise<Target | undefined> {
  const { name, owners, region, as } = use
  const [account = ''] = owners
  const arn = formatArn('s3', '', '', name)
  const answer = await reading.ask({ what: `the bucket ${name}`, arn, target: { account, region } }, () =>
    firstOwner(reading, use),
  )
  if ('absent' in answer) {
    reading.absent.add(arn)
    reading.findings.push({
      rule: 'bucket-does-not-exist',
      severity: 'error',
      message: `${as} is the bucket ${name}, which does not exist`,
      fix: `make the bucket in account ${account}, ${region}, or name another one`,
    })
  }
  return 'found' in answer ? answer.found : undefined
}

/** AWS: a request that expects another owner is denied. Errors: AWS's answer for the last of the accounts. */
async function firstOwner(reading: Reading, { name, owners, region }: BucketUse): Promise<Target> {
  const { S3Client, GetBucketLocationCommand } = await import('@aws-sdk/client-s3')
  let refusal: unknown
  for (const account of owners) {
    try {
      const client = await reading.client(S3Client, { account, region })
      const { LocationConstraint } = await client.send(
        new GetBucketLocationCommand({ Bucket: name, ExpectedBucketOwner: account }),
      )
      return { account, region: namedRegion(LocationConstraint) }
    } catch (error) {
      const redirected = redirectedRegion(error)
      if (redirected) return { account, region: redirected }
      if (isAbsence(error)) throw error
      refusal = error
    }
  }
  throw refusal
}

/** AWS: the first two regions are told by older names. */
const namedRegion = (constraint: string | undefined): string =>
  constraint === 'EU' ? 'eu-west-1' : constraint || 'us-east-1'

/** AWS: the last one is the word of regions that launched after March 20, 2019. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** AWS: a bucket that is asked for in a wrong region tells its own in a header. */
function redirectedRegion(error: unknown): string | undefined {
  const { name, $response, Region } = error as {
    name?: string
    $response?: { headers?: Record<string, string> }
    Region?: string
  }
  const isElsewhere = ELSEWHERE.has(name ?? '')
  return isElsewhere ? ($response?.headers?.['x-amz-bucket-region'] ?? Region) : undefined
}

async function policyOf(
  reading: Reading,
  client: S3Client,
  Bucket: string,
  target: Target,
): Promise<string | undefined> {
  const { GetBucketPolicyCommand } = await import('@aws-sdk/client-s3')
  const arn = `arn:aws:s3:::${Bucket}`
  const answer = await reading.ask({ what: `the bucket policy of ${Bucket}`, arn, target }, () =>
    client.send(new GetBucketPolicyCommand({ Bucket })),
  )
  return 'found' in answer ? answer.found.Policy : undefined
}

async function encryptionOf(
  reading: Reading,
  client: S3Client,
  Bucket: string,
  target: Target,
): Promise<Pick<KnownBucket, 'key' | 'bucketKey'>> {
  const { GetBucketEncryptionCommand } = await import('@aws-sdk/client-s3')
  const answer = await reading.ask({ what: `the default encryption of ${Bucket}`, target }, () =>
    client.send(new GetBucketEncryptionCommand({ Bucket })),
  )
  const [rule] = ('found' in answer ? answer.found.ServerSideEncryptionConfiguration?.Rules : undefined) ?? []
  const byDefault = rule?.ApplyServerSideEncryptionByDefault
  const usesKms = byDefault?.SSEAlgorithm?.startsWith('aws:kms')
  return {
    ...(usesKms && { key: byDefault?.KMSMasterKeyID ?? 'aws/s3' }),
    bucketKey: rule?.BucketKeyEnabled ?? false,
  }
}

async function isVersioned(
  reading: Reading,
  client: S3Client,
  Bucket: string,
  target: Target,
): Promise<boolean> {
  const { GetBucketVersioningCommand } = await import('@aws-sdk/client-s3')
  const answer = await reading.ask({ what: `whether ${Bucket} keeps versions`, target }, () =>
    client.send(new GetBucketVersioningCommand({ Bucket })),
  )
  return 'found' in answer ? answer.found.Status === 'Enabled' : true
}

/** AWS: a bucket without the configuration blocks nothing by itself. */
async function blockOf(
  reading: Reading,
  client: S3Client,
  Bucket: string,
  target: Target,
): Promise<KnownBucket['publicAccessBlock']> {
  const { GetPublicAccessBlockCommand } = await import('@aws-sdk/client-s3')
  const answer = await reading.ask({ what: `Block Public Access of ${Bucket}`, target }, () =>
    client.send(new GetPublicAccessBlockCommand({ Bucket })),
  )
  const block = 'found' in answer ? answer.found.PublicAccessBlockConfiguration : undefined
  return {
    blockPublicPolicy: block?.BlockPublicPolicy ?? false,
    restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
  }
}

/** AWS: a bucket without the configuration leaves objects to whoever wrote them. */
async function ownershipOf(
  reading: Reading,
  client: S3Client,
  Bucket: string,
  target: Target,
): Promise<string | undefined> {
  const { GetBucketOwnershipControlsCommand } = await import('@aws-sdk/client-s3')
  const answer = await reading.ask({ what: `the object ownership of ${Bucket}`, target }, () =>
    client.send(new GetBucketOwnershipControlsCommand({ Bucket })),
  )
  if ('absent' in answer) return 'ObjectWriter'
  return 'found' in answer ? answer.found.OwnershipControls?.Rules?.[0]?.ObjectOwnership : undefined
}
