/** What CloudFormation needs for RDS resources. */
import {
  authorization,
  type PermissionTable,
  type ResourcePermissions,
  registry,
} from './resource-permissions.ts'

const tag = ['rds:AddTagsToResource', 'rds:ListTagsForResource', 'rds:RemoveTagsFromResource']

/** AWS: RDS authorizes on `<kind>:<name>`, in lower case. */
const named = (kind: string, name: string, noun: string, described = `${noun}s`): ResourcePermissions => ({
  ...authorization('amazonrds'),
  name,
  longestName: 63,
  lowerCase: true,
  grants: [
    {
      on: `arn:aws:rds:{region}:{account}:${kind}:{name}`,
      create: [`rds:Create${noun}`],
      update: [`rds:Modify${noun}`],
      delete: [`rds:Delete${noun}`],
      tag,
    },
    { on: `arn:aws:rds:{region}:{account}:${kind}:*`, read: [`rds:Describe${described}`] },
  ],
})

const linkedRole = {
  on: 'arn:aws:iam::{account}:role/aws-service-role/rds.amazonaws.com/*',
  create: ['iam:CreateServiceLinkedRole'],
}
const ofCluster = {
  on: 'arn:aws:rds:{region}:{account}:cluster:{DBClusterIdentifier}',
  when: ['DBClusterIdentifier'],
}
const ofSubnets = {
  on: 'arn:aws:rds:{region}:{account}:subgrp:{DBSubnetGroupName}',
  when: ['DBSubnetGroupName'],
}
const encrypted = {
  on: 'arn:aws:kms:{region}:{account}:key/*',
  when: ['KmsKeyId', 'ManageMasterUserPassword', 'StorageEncrypted'],
  create: ['kms:CreateGrant', 'kms:DescribeKey'],
}
/** A password that RDS keeps in Secrets Manager itself. */
const ownSecret = {
  on: 'arn:aws:secretsmanager:{region}:{account}:secret:rds!*',
  when: ['ManageMasterUserPassword'],
  create: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
}

export const databases: PermissionTable = {
  'AWS::RDS::DBInstance': {
    ...named('db', 'DBInstanceIdentifier', 'DBInstance'),
    passes: { MonitoringRoleArn: 'monitoring.rds.amazonaws.com' },
    grants: [
      ...named('db', 'DBInstanceIdentifier', 'DBInstance').grants,
      { ...ofCluster, create: ['rds:CreateDBInstance'] },
      { ...ofSubnets, create: ['rds:CreateDBInstance'] },
      linkedRole,
      encrypted,
      ownSecret,
      // AWS: deleting with a last snapshot, which is what CloudFormation does by default, makes one.
      { on: 'arn:aws:rds:{region}:{account}:snapshot:*', delete: ['rds:CreateDBSnapshot'] },
    ],
  },
  'AWS::RDS::DBCluster': {
    ...named('cluster', 'DBClusterIdentifier', 'DBCluster'),
    grants: [
      ...named('cluster', 'DBClusterIdentifier', 'DBCluster').grants,
      { ...ofSubnets, create: ['rds:CreateDBCluster'] },
      linkedRole,
      encrypted,
      ownSecret,
      { on: 'arn:aws:rds:{region}:{account}:cluster-snapshot:*', delete: ['rds:CreateDBClusterSnapshot'] },
    ],
  },
  'AWS::RDS::DBSubnetGroup': {
    ...named('subgrp', 'DBSubnetGroupName', 'DBSubnetGroup'),
    ...registry('AWS::RDS::DBSubnetGroup'),
  },
  'AWS::RDS::DBParameterGroup': named('pg', 'DBParameterGroupName', 'DBParameterGroup'),
}
