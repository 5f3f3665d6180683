/** What CloudFormation needs for S3 resources. */
import { type PermissionGrant, registry, type TypeTable } from './type-facts.ts'

const BUCKET = 'arn:aws:s3:::{name}'

/** AWS: each property is written by an operation of its own, which also clears it. */
const setting = (
  property: string,
  write: readonly string[],
  read: readonly string[] = [],
): PermissionGrant => ({ on: BUCKET, when: [property], create: write, read })

export const s3: TypeTable = {
  'AWS::S3::Bucket': {
    ...registry('AWS::S3::Bucket', '01e4de1ab22a'),
    name: { property: 'BucketName', longest: 63, letters: 'lower' },
    arn: BUCKET,
    attributes: {
      DomainName: '{name}.s3.{suffix}',
      RegionalDomainName: '{name}.s3.{region}.{suffix}',
    },
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
      setting('AnalyticsConfigurations', ['s3:PutAnalyticsConfiguration'], ['s3:GetAnalyticsConfiguration']),
      setting('BucketEncryption', ['s3:PutEncryptionConfiguration'], ['s3:GetEncryptionConfiguration']),
      setting('CorsConfiguration', ['s3:PutBucketCORS'], ['s3:GetBucketCORS']),
      setting(
        'IntelligentTieringConfigurations',
        ['s3:PutIntelligentTieringConfiguration'],
        ['s3:GetIntelligentTieringConfiguration'],
      ),
      setting('InventoryConfigurations', ['s3:PutInventoryConfiguration'], ['s3:GetInventoryConfiguration']),
      setting('LifecycleConfiguration', ['s3:PutLifecycleConfiguration'], ['s3:GetLifecycleConfiguration']),
      setting('LoggingConfiguration', ['s3:PutBucketLogging'], ['s3:GetBucketLogging']),
      setting('MetricsConfigurations', ['s3:PutMetricsConfiguration'], ['s3:GetMetricsConfiguration']),
      setting(
        'MetadataConfiguration',
        [
          's3:CreateBucketMetadataTableConfiguration',
          's3:DeleteBucketMetadataTableConfiguration',
          's3:UpdateBucketMetadataInventoryTableConfiguration',
          's3:UpdateBucketMetadataJournalTableConfiguration',
        ],
        ['s3:GetBucketMetadataTableConfiguration'],
      ),
      setting(
        'MetadataTableConfiguration',
        ['s3:CreateBucketMetadataTableConfiguration', 's3:DeleteBucketMetadataTableConfiguration'],
        ['s3:GetBucketMetadataTableConfiguration'],
      ),
      // AWS: metadata goes into tables of a table bucket, which S3 names and makes when there is none.
      {
        on: 'arn:aws:s3tables:{region}:{account}:bucket/*',
        when: ['MetadataConfiguration', 'MetadataTableConfiguration'],
        create: [
          's3tables:CreateNamespace',
          's3tables:CreateTable',
          's3tables:CreateTableBucket',
          's3tables:PutTableEncryption',
          's3tables:PutTablePolicy',
        ],
        read: ['s3tables:GetTable', 's3tables:GetTableMetadataLocation'],
        update: ['s3tables:UpdateTableMetadataLocation'],
      },
      setting('NotificationConfiguration', ['s3:PutBucketNotification'], ['s3:GetBucketNotification']),
      setting(
        'ObjectLockConfiguration',
        ['s3:PutBucketObjectLockConfiguration'],
        ['s3:GetBucketObjectLockConfiguration'],
      ),
      // AWS: a bucket with Object Lock is made with versions, which its maker must be allowed.
      {
        on: BUCKET,
        when: ['ObjectLockEnabled'],
        create: ['s3:PutBucketObjectLockConfiguration', 's3:PutBucketVersioning'],
      },
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
    ...registry('AWS::S3::BucketPolicy', '157c65b430f3'),
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
