/** What CloudFormation needs for RDS instances and clusters. */
import {
  linkedRole,
  type PermissionGrant,
  type PhaseActions,
  registry,
  type TypeTable,
} from './type-facts.ts'

const arn = (kind: string, name: string): string => `arn:aws:rds:{region}:{account}:${kind}:${name}`

/** AWS: what uses a group, or lies in a cluster, is authorized on that too. */
const beside = (
  kinds: Readonly<Record<string, string>>,
  actions: Readonly<Record<string, PhaseActions>>,
): PermissionGrant[] =>
  Object.entries(kinds).map(([property, kind]) => ({
    on: arn(kind, `{${property}}`),
    when: [property],
    ...actions[property],
  }))

const keys = (...properties: readonly string[]): PermissionGrant[] =>
  properties.map((property) => ({
    on: `{key:${property}}`,
    when: [property],
    create: ['kms:CreateGrant', 'kms:DescribeKey'],
  }))

/** AWS: encryption that names no key uses `alias/aws/rds`, whose id is made up. */
const ownKey: PermissionGrant = {
  on: 'arn:aws:kms:{region}:{account}:key/*',
  when: ['StorageEncrypted', 'ManageMasterUserPassword'],
  create: ['kms:CreateGrant', 'kms:DescribeKey'],
}
/** A password that RDS keeps in Secrets Manager itself. */
const ownSecret: PermissionGrant = {
  on: 'arn:aws:secretsmanager:{region}:{account}:secret:rds!*',
  when: ['ManageMasterUserPassword'],
  create: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
}

const INSTANCE = arn('db', '{name}')
const CLUSTER = arn('cluster', '{name}')
const instance = { create: ['rds:CreateDBInstance'], update: ['rds:ModifyDBInstance'] }
const cluster = { create: ['rds:CreateDBCluster'], update: ['rds:ModifyDBCluster'] }
const tag = ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource']
const tagRead: PermissionGrant = {
  on: '*',
  tag: ['rds:ListTagsForResource'],
  undeclared: 'the handler compares the tags with those of the template and the stack',
}
const SNAPSHOTS = [arn('snapshot', '*'), arn('cluster-snapshot', '*')]
/** Properties that tell of a snapshot to start from, and of a moment to go back to. */
const RESTORED = ['DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier']
const REWOUND = ['RestoreTime', 'UseLatestRestorableTime']
const CLUSTER_RESTORED = ['SnapshotIdentifier']
const CLUSTER_REWOUND = ['RestoreToTime', 'RestoreType', 'UseLatestRestorableTime']

export const databases: TypeTable = {
  'AWS::RDS::DBInstance': {
    ...registry('AWS::RDS::DBInstance', '01ce6712afed'),
    name: { property: 'DBInstanceIdentifier', longest: 63, letters: 'lower' },
    passes: {
      MonitoringRoleArn: 'monitoring.rds.amazonaws.com',
      DomainIAMRoleName: 'rds.amazonaws.com',
      'AssociatedRoles[].RoleArn': 'rds.amazonaws.com',
    },
    looksAtRoles: true,
    grants: [
      {
        on: INSTANCE,
        ...instance,
        update: ['rds:ModifyDBInstance', 'rds:RebootDBInstance'],
        delete: ['rds:DeleteDBInstance'],
        tag,
      },
      { ...tagRead, on: INSTANCE },
      // AWS: what is described is filtered; the call is authorized on all there are.
      { on: arn('db', '*'), read: ['rds:DescribeDBInstances'] },
      { on: '*', read: ['rds:DescribeDBEngineVersions', 'rds:DescribeEvents'] },
      { on: arn('pg', '*'), when: ['DBParameterGroupName'], read: ['rds:DescribeDBParameterGroups'] },
      { on: arn('cluster', '*'), when: ['DBClusterIdentifier'], read: ['rds:DescribeDBClusters'] },
      {
        on: '*',
        read: [
          'ec2:DescribeAccountAttributes',
          'ec2:DescribeAvailabilityZones',
          'ec2:DescribeInternetGateways',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeSubnets',
          'ec2:DescribeVpcs',
        ],
      },
      { on: 'arn:aws:ec2:{region}:{account}:vpc/*', read: ['ec2:DescribeVpcAttribute'] },
      ...beside(
        {
          DBClusterIdentifier: 'cluster',
          DBSubnetGroupName: 'subgrp',
          DBParameterGroupName: 'pg',
          OptionGroupName: 'og',
        },
        {
          DBClusterIdentifier: { create: instance.create },
          DBSubnetGroupName: instance,
          DBParameterGroupName: instance,
          OptionGroupName: instance,
        },
      ),
      {
        on: INSTANCE,
        when: ['AssociatedRoles'],
        create: ['rds:AddRoleToDBInstance'],
        update: ['rds:RemoveRoleFromDBInstance'],
      },
      ...[
        INSTANCE,
        arn('db', '*'),
        arn('cluster', '*'),
        arn('subgrp', '*'),
        arn('pg', '*'),
        arn('og', '*'),
      ].map((on) => ({
        on,
        when: ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'],
        create: ['rds:CreateDBInstanceReadReplica'],
      })),
      {
        on: INSTANCE,
        when: ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier'],
        update: ['rds:PromoteReadReplica'],
      },
      ...[INSTANCE, ...SNAPSHOTS, arn('subgrp', '*'), arn('pg', '*'), arn('og', '*')].map((on) => ({
        on,
        when: RESTORED,
        create: ['rds:RestoreDBInstanceFromDBSnapshot'],
      })),
      { on: arn('snapshot', '*'), when: RESTORED, read: ['rds:DescribeDBSnapshots'] },
      { on: arn('cluster-snapshot', '*'), when: RESTORED, read: ['rds:DescribeDBClusterSnapshots'] },
      ...[
        INSTANCE,
        arn('db', '*'),
        arn('auto-backup', '*'),
        arn('subgrp', '*'),
        arn('pg', '*'),
        arn('og', '*'),
      ].map((on) => ({ on, when: REWOUND, create: ['rds:RestoreDBInstanceToPointInTime'] })),
      { on: arn('auto-backup', '*'), when: REWOUND, read: ['rds:DescribeDBInstanceAutomatedBackups'] },
      ...[INSTANCE, arn('auto-backup', '*')].map((on) => ({
        on,
        when: ['AutomaticBackupReplicationRegion'],
        create: ['rds:StartDBInstanceAutomatedBackupsReplication'],
      })),
      {
        on: INSTANCE,
        when: ['AutomaticBackupReplicationRegion'],
        update: ['rds:StopDBInstanceAutomatedBackupsReplication'],
      },
      linkedRole('rds.amazonaws.com'),
      ...keys('KmsKeyId', 'MasterUserSecret.KmsKeyId', 'PerformanceInsightsKMSKeyId'),
      ownKey,
      ownSecret,
      // AWS: deleting with a last snapshot, which is what CloudFormation does by default, makes one of the instance.
      { on: INSTANCE, delete: ['rds:CreateDBSnapshot'] },
      { on: arn('snapshot', '*'), delete: ['rds:CreateDBSnapshot', 'rds:AddTagsToResource'] },
    ],
  },
  'AWS::RDS::DBCluster': {
    ...registry('AWS::RDS::DBCluster', '01ce6712afed'),
    name: { property: 'DBClusterIdentifier', longest: 63, letters: 'lower' },
    passes: {
      MonitoringRoleArn: 'monitoring.rds.amazonaws.com',
      DomainIAMRoleName: 'rds.amazonaws.com',
      'AssociatedRoles[].RoleArn': 'rds.amazonaws.com',
    },
    grants: [
      { on: CLUSTER, ...cluster, delete: ['rds:DeleteDBCluster'], tag },
      { ...tagRead, on: CLUSTER },
      { on: arn('cluster', '*'), read: ['rds:DescribeDBClusters'] },
      { on: '*', read: ['rds:DescribeEvents'] },
      { on: '*', when: ['VpcSecurityGroupIds'], update: ['ec2:DescribeSecurityGroups'] },
      { on: arn('subgrp', '*'), when: ['DBSubnetGroupName'], read: ['rds:DescribeDBSubnetGroups'] },
      ...beside(
        { DBSubnetGroupName: 'subgrp', DBClusterParameterGroupName: 'cluster-pg' },
        { DBSubnetGroupName: { create: cluster.create }, DBClusterParameterGroupName: cluster },
      ),
      // AWS: the instances of a Multi-AZ cluster are made, changed and deleted with it.
      {
        on: arn('db', '*'),
        when: ['DBClusterInstanceClass'],
        create: ['rds:CreateDBInstance'],
        update: ['rds:ModifyDBInstance'],
        delete: ['rds:DeleteDBInstance'],
      },
      {
        on: CLUSTER,
        when: ['AssociatedRoles'],
        create: ['rds:AddRoleToDBCluster'],
        update: ['rds:RemoveRoleFromDBCluster'],
      },
      {
        on: CLUSTER,
        when: ['EnableHttpEndpoint'],
        create: ['rds:EnableHttpEndpoint'],
        update: ['rds:DisableHttpEndpoint'],
      },
      {
        on: 'arn:aws:rds::{account}:global-cluster:*',
        when: ['GlobalClusterIdentifier'],
        create: ['rds:CreateDBCluster'],
        read: ['rds:DescribeGlobalClusters'],
        delete: ['rds:RemoveFromGlobalCluster'],
      },
      { on: CLUSTER, when: ['GlobalClusterIdentifier'], delete: ['rds:RemoveFromGlobalCluster'] },
      ...[CLUSTER, ...SNAPSHOTS, arn('subgrp', '*'), arn('cluster-pg', '*'), arn('og', '*')].map((on) => ({
        on,
        when: CLUSTER_RESTORED,
        create: ['rds:RestoreDBClusterFromSnapshot'],
      })),
      { on: arn('snapshot', '*'), when: CLUSTER_RESTORED, read: ['rds:DescribeDBSnapshots'] },
      { on: arn('cluster-snapshot', '*'), when: CLUSTER_RESTORED, read: ['rds:DescribeDBClusterSnapshots'] },
      ...[
        arn('cluster', '*'),
        arn('cluster-auto-backup', '*'),
        arn('subgrp', '*'),
        arn('cluster-pg', '*'),
        arn('og', '*'),
      ].map((on) => ({ on, when: CLUSTER_REWOUND, create: ['rds:RestoreDBClusterToPointInTime'] })),
      linkedRole('rds.amazonaws.com'),
      ...keys('KmsKeyId', 'MasterUserSecret.KmsKeyId', 'PerformanceInsightsKmsKeyId').map((grant) => ({
        ...grant,
        undeclared: 'RDS makes its grant on a key of one’s own for who makes the cluster',
      })),
      { ...ownKey, undeclared: 'RDS makes its grant on the key for who makes the cluster' },
      ownSecret,
      { on: CLUSTER, delete: ['rds:CreateDBClusterSnapshot'] },
      {
        on: arn('cluster-snapshot', '*'),
        delete: ['rds:CreateDBClusterSnapshot', 'rds:DeleteDBCluster', 'rds:AddTagsToResource'],
      },
    ],
  },
}
