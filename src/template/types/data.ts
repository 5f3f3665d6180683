/** What CloudFormation needs for DynamoDB, Systems Manager and KMS resources. */
import { linkedRole, registry, type TypeTable } from './type-facts.ts'

const TABLE = 'arn:aws:dynamodb:{region}:{account}:table/{name}'
const PARAMETER = 'arn:aws:ssm:{region}:{account}:parameter{/name}'
const KEY = 'arn:aws:kms:{region}:{account}:key/{name}'
const ACCOUNT_KEYS = 'arn:aws:kms:{region}:{account}:key/*'

export const data: TypeTable = {
  'AWS::DynamoDB::Table': {
    ...registry('AWS::DynamoDB::Table', '0a4178dc043a'),
    systemTags: false,
    name: { property: 'TableName', longest: 255 },
    arn: TABLE,
    grants: [
      {
        on: TABLE,
        create: ['dynamodb:CreateTable'],
        read: [
          'dynamodb:DescribeContinuousBackups',
          'dynamodb:DescribeContributorInsights',
          'dynamodb:DescribeKinesisStreamingDestination',
          'dynamodb:DescribeTable',
          'dynamodb:DescribeTimeToLive',
        ],
        update: ['dynamodb:UpdateTable'],
        delete: ['dynamodb:DeleteTable'],
        tag: ['dynamodb:ListTagsOfResource', 'dynamodb:TagResource', 'dynamodb:UntagResource'],
      },
      {
        on: TABLE,
        when: ['TimeToLiveSpecification'],
        create: ['dynamodb:UpdateTimeToLive'],
      },
      {
        on: TABLE,
        when: ['PointInTimeRecoverySpecification'],
        create: ['dynamodb:UpdateContinuousBackups'],
      },
      {
        on: TABLE,
        when: ['ContributorInsightsSpecification'],
        create: ['dynamodb:UpdateContributorInsights'],
      },
      {
        on: TABLE,
        when: ['ResourcePolicy'],
        create: ['dynamodb:PutResourcePolicy'],
        read: ['dynamodb:GetResourcePolicy'],
        delete: ['dynamodb:DeleteResourcePolicy'],
      },
      {
        on: TABLE,
        when: ['KinesisStreamSpecification'],
        create: ['dynamodb:EnableKinesisStreamingDestination'],
        update: ['dynamodb:UpdateKinesisStreamingDestination'],
        delete: ['dynamodb:DisableKinesisStreamingDestination'],
      },
      {
        on: '{key:SSESpecification.KMSMasterKeyId}',
        when: ['SSESpecification'],
        create: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt'],
        update: ['kms:RevokeGrant'],
      },
      // AWS: a key may be given by its alias, which is looked for in the list of them all.
      { on: '*', when: ['SSESpecification.KMSMasterKeyId'], read: ['kms:ListAliases'] },
      {
        on: 'arn:aws:kinesis:{region}:*:stream/*',
        when: ['KinesisStreamSpecification'],
        create: ['kinesis:DescribeStream', 'kinesis:PutRecords'],
      },
      linkedRole('contributorinsights.dynamodb.amazonaws.com', {
        when: ['ContributorInsightsSpecification'],
      }),
      linkedRole('kinesisreplication.dynamodb.amazonaws.com', { when: ['KinesisStreamSpecification'] }),
      {
        on: TABLE,
        when: ['ImportSourceSpecification'],
        create: ['dynamodb:ImportTable'],
      },
      {
        on: `${TABLE}/import/*`,
        when: ['ImportSourceSpecification'],
        create: ['dynamodb:DescribeImport'],
      },
      // AWS: an import reads the source and writes its log under this name, for who starts it.
      {
        on: 'arn:aws:s3:::{ImportSourceSpecification.S3BucketSource.S3Bucket}',
        when: ['ImportSourceSpecification'],
        create: ['s3:ListBucket'],
      },
      {
        on: 'arn:aws:s3:::{ImportSourceSpecification.S3BucketSource.S3Bucket}/*',
        when: ['ImportSourceSpecification'],
        create: ['s3:GetObject'],
      },
      {
        on: 'arn:aws:logs:{region}:{account}:log-group:/aws-dynamodb/*',
        when: ['ImportSourceSpecification'],
        create: [
          'logs:CreateLogGroup',
          'logs:CreateLogStream',
          'logs:DescribeLogStreams',
          'logs:PutLogEvents',
          'logs:PutRetentionPolicy',
        ],
      },
      { on: '*', when: ['ImportSourceSpecification'], read: ['logs:DescribeLogGroups'] },
    ],
  },
  'AWS::SSM::Parameter': {
    ...registry('AWS::SSM::Parameter', '00f8ac71305b'),
    name: { property: 'Name', longest: 1011, made: 'CFN-logical' },
    arn: PARAMETER,
    grants: [
      {
        on: PARAMETER,
        create: ['ssm:PutParameter'],
        read: ['ssm:GetParameters'],
        delete: ['ssm:DeleteParameter'],
        tag: ['ssm:AddTagsToResource', 'ssm:RemoveTagsFromResource'],
      },
      {
        on: PARAMETER,
        tag: ['ssm:ListTagsForResource'],
        undeclared: 'the handler compares the tags of the parameter with those of the template and the stack',
      },
    ],
  },
  'AWS::SSM::Document': {
    ...registry('AWS::SSM::Document', '06e19a048764'),
    name: { property: 'Name', longest: 128 },
    grants: [
      {
        on: 'arn:aws:ssm:{region}:{account}:document/{name}',
        create: ['ssm:CreateDocument'],
        read: ['ssm:DescribeDocument', 'ssm:GetDocument'],
        update: ['ssm:UpdateDocument', 'ssm:UpdateDocumentDefaultVersion'],
        delete: ['ssm:DeleteDocument'],
        tag: ['ssm:AddTagsToResource', 'ssm:ListTagsForResource', 'ssm:RemoveTagsFromResource'],
      },
      { on: '{object:Attachments[].Values}', when: ['Attachments'], create: ['s3:GetObject'] },
    ],
  },
  'AWS::KMS::Key': {
    ...registry('AWS::KMS::Key', '2d2b0f94fc89'),
    name: { made: 'by-aws' },
    arn: KEY,
    ref: '{name}',
    attributes: { KeyId: '{name}' },
    replacedBy: ['KeySpec', 'KeyUsage', 'MultiRegion', 'Origin'],
    systemTags: false,
    grants: [
      // AWS: creation is authorized on no resource, and a key's id is made up.
      { on: '*', create: ['kms:CreateKey'] },
      {
        on: ACCOUNT_KEYS,
        read: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus'],
        update: [
          'kms:DisableKey',
          'kms:DisableKeyRotation',
          'kms:EnableKey',
          'kms:EnableKeyRotation',
          'kms:PutKeyPolicy',
          'kms:UpdateKeyDescription',
        ],
        delete: ['kms:ScheduleKeyDeletion'],
        tag: ['kms:ListResourceTags', 'kms:TagResource', 'kms:UntagResource'],
      },
    ],
  },
  'AWS::KMS::Alias': {
    ...registry('AWS::KMS::Alias', '15fdcf3d6186'),
    name: { property: 'AliasName' },
    arn: 'arn:aws:kms:{region}:{account}:{name}',
    grants: [
      {
        on: 'arn:aws:kms:{region}:{account}:{name}',
        create: ['kms:CreateAlias'],
        update: ['kms:UpdateAlias'],
        delete: ['kms:DeleteAlias'],
      },
      // AWS: an operation on an alias is authorized on its key too.
      {
        on: '{key:TargetKeyId}',
        create: ['kms:CreateAlias'],
        update: ['kms:UpdateAlias'],
        delete: ['kms:DeleteAlias'],
      },
      { on: '*', read: ['kms:ListAliases'] },
    ],
  },
}
