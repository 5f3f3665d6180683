/** What every bucket of the fleet has: no ACLs, no public access, nothing without TLS. */
import { formatArn, type PolicyStatement } from '../model/index.ts'

export const PRIVATE_BUCKET = {
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
} as const

/** Gives the statement of a bucket's policy that refuses requests without TLS. */
export function denyWithoutTls(bucket: string): PolicyStatement {
  const arn = formatArn('s3', '', '', bucket)
  return {
    Sid: 'DenyWithoutTls',
    Effect: 'Deny',
    Principal: '*',
    // Whatever is asked of the bucket, also what S3 will offer one day.
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}
