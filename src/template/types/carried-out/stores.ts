/** What the embedded cloud carries out of stores: buckets, parameters, secrets. */
import { type CarriedOut, properties } from './carried-out.ts'

const BUCKET = [
  'BucketName',
  'AccessControl',
  'Tags',
  'PublicAccessBlockConfiguration',
  'OwnershipControls',
  'BucketEncryption',
  'VersioningConfiguration',
  'LifecycleConfiguration',
  'CorsConfiguration',
  'LoggingConfiguration',
  'WebsiteConfiguration',
  'NotificationConfiguration',
]

const LIFECYCLE_RULE = [
  'Id',
  'Status',
  'Prefix',
  'TagFilters',
  'ObjectSizeGreaterThan',
  'ObjectSizeLessThan',
  'ExpirationInDays',
  'ExpirationDate',
  'ExpiredObjectDeleteMarker',
  'NoncurrentVersionExpiration',
  'NoncurrentVersionExpirationInDays',
  'NoncurrentVersionTransition',
  'NoncurrentVersionTransitions',
  'Transition',
  'Transitions',
  'AbortIncompleteMultipartUpload',
]

export const stores: Readonly<Record<string, CarriedOut>> = {
  'AWS::S3::Bucket': {
    members: {
      '': BUCKET,
      'BucketEncryption.ServerSideEncryptionConfiguration[]': [
        'BucketKeyEnabled',
        'ServerSideEncryptionByDefault',
      ],
      'LifecycleConfiguration.Rules[]': LIFECYCLE_RULE,
      NotificationConfiguration: [
        'EventBridgeConfiguration',
        'LambdaConfigurations',
        'QueueConfigurations',
        'TopicConfigurations',
      ],
    },
    values: { AccessControl: ['Private'] },
  },
  'AWS::SSM::Parameter': properties(
    'Type',
    'Value',
    'Description',
    'AllowedPattern',
    'Tier',
    'DataType',
    'Name',
    'Tags',
  ),
  'AWS::SecretsManager::ResourcePolicy': properties('SecretId', 'ResourcePolicy', 'BlockPublicPolicy'),
  'AWS::SecretsManager::Secret': properties(
    'Name',
    'Description',
    'KmsKeyId',
    'SecretString',
    'GenerateSecretString',
    'Tags',
  ),
}
