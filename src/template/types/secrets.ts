/** What CloudFormation needs for Secrets Manager resources. */
import { handlersPage, registry, type TypeTable } from './type-facts.ts'

/** AWS: six characters are added to the name. */
const SECRET = 'arn:aws:secretsmanager:{region}:{account}:secret:{name}-*'
const ITS_SECRET = 'arn:aws:secretsmanager:{region}:{account}:secret:{SecretId}-*'

export const secrets: TypeTable = {
  'AWS::SecretsManager::Secret': {
    ...registry('AWS::SecretsManager::Secret', '369b9a570d7c'),
    name: { property: 'Name', longest: 512, made: 'logical' },
    // AWS: six characters are added to the name.
    arn: 'arn:aws:secretsmanager:{region}:{account}:secret:{name}-{made-up}',
    ref: '{arn}',
    attributes: { Id: '{arn}' },
    rules: [
      {
        needs: 'not both',
        of: ['SecretString', 'GenerateSecretString'],
        message: 'You can specify only one of GenerateSecretString and SecretString.',
      },
      {
        needs: 'together',
        of: ['SecretStringTemplate', 'GenerateStringKey'],
        within: 'GenerateSecretString',
        message: 'SecretStringTemplate and GenerateStringKey must be given together.',
      },
    ],
    grants: [
      {
        on: SECRET,
        create: ['secretsmanager:CreateSecret'],
        read: ['secretsmanager:DescribeSecret'],
        update: ['secretsmanager:UpdateSecret'],
        delete: ['secretsmanager:DeleteSecret'],
        tag: ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
      },
      { on: '*', when: ['GenerateSecretString'], create: ['secretsmanager:GetRandomPassword'] },
      {
        on: SECRET,
        when: ['ReplicaRegions'],
        create: ['secretsmanager:ReplicateSecretToRegions'],
        delete: ['secretsmanager:RemoveRegionsFromReplication'],
      },
      {
        on: '{key:KmsKeyId}',
        when: ['KmsKeyId'],
        create: ['kms:Decrypt', 'kms:GenerateDataKey'],
        undeclared: 'Secrets Manager encrypts under a key of one’s own for who makes or changes the secret',
      },
    ],
  },
  'AWS::SecretsManager::SecretTargetAttachment': {
    ...registry('AWS::SecretsManager::SecretTargetAttachment', '82df8bf290e9'),
    // AWS: `Ref` returns the ARN of the secret.
    ref: '{SecretId}',
    grants: [
      {
        on: ITS_SECRET,
        create: ['secretsmanager:PutSecretValue'],
        read: ['secretsmanager:GetSecretValue'],
        delete: ['secretsmanager:PutSecretValue'],
      },
      // AWS: the database is looked at for its address.
      {
        on: 'arn:aws:rds:{region}:{account}:cluster:*',
        refers: ['TargetType', 'rds'],
        create: ['rds:DescribeDBClusters'],
      },
      {
        on: 'arn:aws:rds:{region}:{account}:db:*',
        refers: ['TargetType', 'rds'],
        create: ['rds:DescribeDBInstances'],
      },
      {
        on: 'arn:aws:redshift:{region}:{account}:cluster:*',
        refers: ['TargetType', 'redshift'],
        create: ['redshift:DescribeClusters'],
      },
      {
        on: 'arn:aws:docdb-elastic:{region}:{account}:cluster/*',
        refers: ['TargetType', 'docdbelastic'],
        create: ['docdb-elastic:GetCluster'],
      },
      {
        on: 'arn:aws:redshift-serverless:{region}:{account}:namespace/*',
        refers: ['TargetType', 'redshiftserverless'],
        create: ['redshift-serverless:GetNamespace'],
      },
      {
        on: '*',
        refers: ['TargetType', 'redshiftserverless'],
        create: ['redshift-serverless:ListWorkgroups'],
      },
    ],
  },
  'AWS::SecretsManager::RotationSchedule': {
    ...handlersPage('secretsmanager/rotation_schedules', '3ca39bf9a649'),
    grants: [
      {
        on: ITS_SECRET,
        create: ['secretsmanager:RotateSecret'],
        read: ['secretsmanager:DescribeSecret'],
        delete: ['secretsmanager:CancelRotateSecret'],
      },
      {
        on: 'arn:aws:lambda:{region}:{account}:function:{RotationLambdaARN}',
        when: ['RotationLambdaARN'],
        create: ['lambda:InvokeFunction'],
      },
    ],
  },
}
