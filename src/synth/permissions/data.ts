/** What CloudFormation needs for DynamoDB, Parameter Store, Secrets Manager, KMS and Auto Scaling resources. */
import { authorization, type PermissionTable, registry } from './resource-permissions.ts'

export const data: PermissionTable = {
  'AWS::DynamoDB::Table': {
    ...registry('AWS::DynamoDB::Table'),
    systemTags: false,
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
      {
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
        when: ['ContributorInsightsSpecification'],
        create: ['dynamodb:UpdateContributorInsights'],
      },
      {
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
        when: ['ResourcePolicy'],
        create: ['dynamodb:PutResourcePolicy'],
        read: ['dynamodb:GetResourcePolicy'],
        delete: ['dynamodb:DeleteResourcePolicy'],
      },
      {
        on: 'arn:aws:dynamodb:{region}:{account}:table/{name}',
        when: ['KinesisStreamSpecification'],
        create: ['dynamodb:EnableKinesisStreamingDestination'],
        update: ['dynamodb:UpdateKinesisStreamingDestination'],
        delete: ['dynamodb:DisableKinesisStreamingDestination'],
      },
      {
        on: 'arn:aws:kms:{region}:{account}:key/*',
        when: ['SSESpecification'],
        create: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey'],
        update: ['kms:RevokeGrant'],
      },
    ],
  },
  'AWS::SSM::Parameter': {
    ...registry('AWS::SSM::Parameter'),
    name: 'Name',
    grants: [
      {
        on: 'arn:aws:ssm:{region}:{account}:parameter/{name}',
        create: ['ssm:PutParameter'],
        read: ['ssm:GetParameters'],
        delete: ['ssm:DeleteParameter'],
        tag: ['ssm:AddTagsToResource', 'ssm:ListTagsForResource', 'ssm:RemoveTagsFromResource'],
      },
    ],
  },
  'AWS::SecretsManager::Secret': {
    ...registry('AWS::SecretsManager::Secret'),
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
    ...registry('AWS::KMS::Key'),
    systemTags: false,
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
    ...registry('AWS::KMS::Alias'),
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
  'AWS::SecretsManager::SecretTargetAttachment': {
    ...authorization('awssecretsmanager'),
    grants: [
      {
        on: 'arn:aws:secretsmanager:{region}:{account}:secret:{SecretId}-*',
        create: ['secretsmanager:PutSecretValue'],
        read: ['secretsmanager:GetSecretValue'],
      },
      { on: '*', read: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'] },
    ],
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    ...authorization('awsapplicationautoscaling'),
    passes: { RoleARN: 'application-autoscaling.amazonaws.com' },
    grants: [
      {
        on: 'arn:aws:application-autoscaling:{region}:{account}:scalable-target/*',
        create: ['application-autoscaling:RegisterScalableTarget'],
        delete: ['application-autoscaling:DeregisterScalableTarget'],
      },
      { on: '*', read: ['application-autoscaling:DescribeScalableTargets'] },
      {
        on: 'arn:aws:iam::{account}:role/aws-service-role/*.application-autoscaling.amazonaws.com/*',
        create: ['iam:CreateServiceLinkedRole'],
      },
    ],
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    ...authorization('awsapplicationautoscaling'),
    grants: [
      {
        on: 'arn:aws:application-autoscaling:{region}:{account}:scalable-target/*',
        create: ['application-autoscaling:PutScalingPolicy'],
        delete: ['application-autoscaling:DeleteScalingPolicy'],
      },
      { on: '*', read: ['application-autoscaling:DescribeScalingPolicies'] },
    ],
  },
}
