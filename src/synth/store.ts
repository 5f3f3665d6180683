/** The artifact bucket of one pipeline in one region, and its policy. */
import { formatArn, type PolicyStatement, rootArn, type TemplateResource, type Val } from '../model/index.ts'
import type { NeedsIndex } from './needs-index.ts'
import { policy } from './policy-parts.ts'
import { denyWithoutTls, PRIVATE_BUCKET } from './private-bucket.ts'
import { resource } from './resource.ts'
import { mergeNeeds, one, sidOf, statementOf } from './statements.ts'

export interface StoreDetails {
  readonly bucket: string
  /** The key's ARN, or its alias' where only that is known beforehand. */
  readonly key: Val<string>
  /** Whether `key` is the key itself, so that uploads can be held to it. */
  readonly keyKnown: boolean
  /** Days, of what is kept for a time alone. */
  readonly keepArtifacts?: number
  readonly needs: NeedsIndex
}

/** Gives the bucket with what every artifact bucket has: encryption, no public access, no ACLs. */
export const storeResources = (details: StoreDetails): Record<string, TemplateResource> => ({
  ArtifactBucket: resource('AWS::S3::Bucket', {
    BucketName: details.bucket,
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: details.key } },
      ],
    },
    ...(details.keepArtifacts !== undefined && {
      LifecycleConfiguration: {
        Rules: [{ Id: 'keep-artifacts', Status: 'Enabled', ExpirationInDays: details.keepArtifacts }],
      },
    }),
    ...PRIVATE_BUCKET,
  }),
  ArtifactBucketPolicy: resource('AWS::S3::BucketPolicy', {
    Bucket: { Ref: 'ArtifactBucket' },
    PolicyDocument: policy([...denials(details), ...bucketGrants(details)]),
  }),
})

const arnOf = (bucket: string): string => formatArn('s3', '', '', bucket)

function denials({ bucket, key, keyKnown }: StoreDetails): PolicyStatement[] {
  const arn = arnOf(bucket)
  return [
    denyWithoutTls(bucket),
    {
      Sid: keyKnown ? 'DenyUploadsUnderAnotherKey' : 'DenyUploadsWithoutKey',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: `${arn}/*`,
      Condition: {
        StringNotEquals: keyKnown
          ? { 's3:x-amz-server-side-encryption-aws-kms-key-id': key as string }
          : { 's3:x-amz-server-side-encryption': 'aws:kms' },
      },
    },
  ]
}

/**
 * Lets roles of other accounts in, each by name; the owner's own roles need no more than their own policies.
 * AWS: a policy that names account roots is not public, whatever its conditions.
 */
export function bucketGrants({ bucket, needs }: Pick<StoreDetails, 'bucket' | 'needs'>): PolicyStatement[] {
  const arn = arnOf(bucket)
  const here = needs.foreignInS3.filter(
    ({ need: { resource: target } }) => target === arn || target.startsWith(`${arn}/`),
  )
  const accountOf = new Map(here.map(({ need, account }) => [need.principal, account]))
  const merged = mergeNeeds(
    here.map(({ need }) => ({ ...need, context: { 'aws:PrincipalArn': need.principal } })),
  )
  const taken = new Set<string>()
  return merged.map((grant) => {
    const roles = grant.context['aws:PrincipalArn']!
    const accounts = [...new Set(roles.map((role) => accountOf.get(role)!))]
    return statementOf({ ...grant, context: {} }, sidOf(grant, taken), {
      principal: { AWS: one(accounts.map(rootArn)) },
      conditions: { ArnEquals: { 'aws:PrincipalArn': one(roles) } },
    })
  })
}
