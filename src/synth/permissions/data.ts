/** What CloudFormation needs for DynamoDB, Parameter Store, Secrets Manager and KMS resources. */
import { type PermissionTable, reference } from './resource-permissions.ts'

export const data: PermissionTable = {
  'AWS::DynamoDB::Table': {
    source: reference('AWS::DynamoDB::Table'),
    name: 'TableName',
    longestName: 255,
    grants: [
      {
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
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
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
        when: ['TimeToLiveSpecification'],
        create: ['dynamodb:UpdateTimeToLive'],
      },
      {
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
        when: ['PointInTimeRecoverySpecification'],
        create: ['dynamodb:UpdateContinuousBackups'],
      },
    ],
  },
  'AWS::SSM::Parameter': {
    source: reference('AWS::SSM::Parameter'),
    name: 'Name',
    grants: [
      {
        on: 'arn:aws:ssm:{region}:{account}:parameter/{name}',
        create: ['ssm:PutParameter'],
        read: ['ssm:GetParameter', 'ssm:GetParameters'],
        delete: ['ssm:DeleteParameter'],
        tag: ['ssm:AddTagsToResource', 'ssm:ListTagsForResource', 'ssm:RemoveTagsFromResource'],
      },
      { on: 'arn:aws:ssm:{region}:{account}:*', read: ['ssm:DescribeParameters'] },
    ],
  },
  'AWS::SecretsManager::Secret': {
    source: reference('AWS::SecretsManager::Secret'),
    name: 'Name',
    grants: [
      {
        // AWS: six characters are added to the name.
        on: 'arn:aws:secretsmanager:{region}:{account}:secret:{name}-*',
        create: ['secretsmanager:CreateSecret'],
        read: ['secretsmanager:DescribeSecret'],
        update: ['secretsmanager:UpdateSecret'],
        delete: ['secretsmanager:DeleteSecret'],
        tag: ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
      },
      { on: '*', when: ['GenerateSecretString'], create: ['secretsmanager:GetRandomPassword'] },
      {
        on: 'arn:aws:secretsmanager:{region}:{account}:secret:{name}-*',
        when: ['ReplicaRegions'],
        update: ['secretsmanager:RemoveRegionsFromReplication', 'secretsmanager:ReplicateSecretToRegions'],
      },
    ],
  },
  'AWS::KMS::Key': {
    source: reference('AWS::KMS::Key'),
    grants: [
      // AWS: creation is authorized on no resource, and a key's id is made up.
      { on: '*', create: ['kms:CreateKey'] },
      {
        on: 'arn:aws:kms:{region}:{account}:key/*',
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
    source: reference('AWS::KMS::Alias'),
    name: 'AliasName',
    grants: [
      {
        on: 'arn:aws:kms:{region}:{account}:{name}',
        create: ['kms:CreateAlias'],
        update: ['kms:UpdateAlias'],
        delete: ['kms:DeleteAlias'],
      },
      // AWS: an operation on an alias is authorized on its key too.
      {
        on: 'arn:aws:kms:{region}:{account}:key/*',
        create: ['kms:CreateAlias'],
        update: ['kms:UpdateAlias'],
        delete: ['kms:DeleteAlias'],
      },
      { on: '*', read: ['kms:ListAliases'] },
    ],
  },
}
