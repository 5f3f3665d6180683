/** What CloudFormation needs for S3 resources. */
import { type PermissionGrant, type PermissionTable, registry } from './resource-permissions.ts'

const BUCKET = 'arn:aws:s3:::{name}'

/** AWS: each property is written by an operation of its own, which also clears it. */
const setting = (
  property: string,
  write: readonly string[],
  read: readonly string[] = [],
): PermissionGrant => ({ on: BUCKET, when: [property], create: write, read })

export const s3: PermissionTable = {
  'AWS::S3::Bucket': {
    ...registry('AWS::S3::Bucket'),
    name: 'BucketName',
    longestName: 63,
    lowerCase: true,
    grants: [
      {
        on: BUCKET,
        create: ['s3:CreateBucket'],
        read: ['s3:ListBucket'],
        delete: ['s3:DeleteBucket'],
        tag: ['s3:GetBucketTagging', 's3:PutBucketTagging'],
      },
      setting(
        'AccelerateConfiguration',
        ['s3:PutAccelerateConfiguration'],
        ['s3:GetAccelerateConfiguration'],
      ),
      setting('AccessControl', ['s3:PutBucketAcl'], ['s3:GetBucketAcl']),
      setting('BucketEncryption', ['s3:PutEncryptionConfiguration'], ['s3:GetEncryptionConfiguration']),
      setting('CorsConfiguration', ['s3:PutBucketCORS'], ['s3:GetBucketCORS']),
      setting(
        'IntelligentTieringConfigurations',
        ['s3:PutIntelligentTieringConfiguration'],
        ['s3:GetIntelligentTieringConfiguration'],
      ),
      setting('LifecycleConfiguration', ['s3:PutLifecycleConfiguration'], ['s3:GetLifecycleConfiguration']),
      setting('LoggingConfiguration', ['s3:PutBucketLogging'], ['s3:GetBucketLogging']),
      setting('MetricsConfigurations', ['s3:PutMetricsConfiguration'], ['s3:GetMetricsConfiguration']),
      setting('NotificationConfiguration', ['s3:PutBucketNotification'], ['s3:GetBucketNotification']),
      setting(
        'ObjectLockConfiguration',
        ['s3:PutBucketObjectLockConfiguration'],
        ['s3:GetBucketObjectLockConfiguration'],
      ),
      setting('OwnershipControls', ['s3:PutBucketOwnershipControls'], ['s3:GetBucketOwnershipControls']),
      setting(
        'PublicAccessBlockConfiguration',
        ['s3:PutBucketPublicAccessBlock'],
        ['s3:GetBucketPublicAccessBlock'],
      ),
      setting(
        'ReplicationConfiguration',
        ['s3:PutReplicationConfiguration'],
        ['s3:GetReplicationConfiguration'],
      ),
      setting('VersioningConfiguration', ['s3:PutBucketVersioning'], ['s3:GetBucketVersioning']),
      setting(
        'WebsiteConfiguration',
        ['s3:PutBucketWebsite', 's3:DeleteBucketWebsite'],
        ['s3:GetBucketWebsite'],
      ),
    ],
    passes: { 'ReplicationConfiguration.Role': 's3.amazonaws.com' },
  },
  'AWS::S3::BucketPolicy': {
    ...registry('AWS::S3::BucketPolicy'),
    grants: [
      {
        on: 'arn:aws:s3:::{Bucket}',
        create: ['s3:PutBucketPolicy'],
        read: ['s3:GetBucketPolicy'],
        delete: ['s3:DeleteBucketPolicy'],
      },
    ],
  },
}
