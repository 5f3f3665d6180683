/** What CloudFormation needs for ElastiCache. */
import { linkedRole, type PermissionGrant, registry, type TypeTable } from './type-facts.ts'

const arn = (kind: string, name: string) => `arn:aws:elasticache:{region}:{account}:${kind}:${name}`
const GROUP = arn('replicationgroup', '{name}')
const STREAM = 'LogDeliveryConfigurations[].DestinationDetails.KinesisFirehoseDetails.DeliveryStream'
const CLUSTERS = arn('cluster', '*')

const tag = [
  'elasticache:AddTagsToResource',
  'elasticache:ListTagsForResource',
  'elasticache:RemoveTagsFromResource',
]

/** AWS: what a cache is made with is authorized too. */
const madeWith = (kind: string, property: string): PermissionGrant => ({
  on: arn(kind, `{${property}}`),
  when: [property],
  create: ['elasticache:CreateReplicationGroup'],
})

const changedTo = (kind: string, property: string): PermissionGrant => ({
  ...madeWith(kind, property),
  update: ['elasticache:ModifyReplicationGroup'],
})

export const caches: TypeTable = {
  'AWS::ElastiCache::ReplicationGroup': {
    ...registry('AWS::ElastiCache::ReplicationGroup', '19dcc52803e1'),
    // AWS: a made-up id has the first letters of the stack's name only, and no hyphen.
    name: { property: 'ReplicationGroupId', longest: 40, sureOfStack: 0, letters: 'lower' },
    systemTags: false,
    grants: [
      {
        on: GROUP,
        create: ['elasticache:CreateReplicationGroup'],
        read: ['elasticache:DescribeReplicationGroups'],
        update: [
          'elasticache:ModifyReplicationGroup',
          'elasticache:ModifyReplicationGroupShardConfiguration',
        ],
        delete: ['elasticache:DeleteReplicationGroup', 'elasticache:CreateSnapshot'],
        tag,
      },
      { on: arn('snapshot', '*'), delete: ['elasticache:CreateSnapshot'] },
      {
        on: CLUSTERS,
        create: ['elasticache:CreateReplicationGroup'],
        read: ['elasticache:DescribeCacheClusters'],
        update: ['elasticache:CreateCacheCluster', 'elasticache:DeleteCacheCluster'],
      },
      // AWS: a cache without a parameter group of its own has the one of its engine.
      {
        on: arn('parametergroup', '{CacheParameterGroupName}'),
        create: ['elasticache:CreateReplicationGroup'],
        update: ['elasticache:CreateCacheCluster', 'elasticache:ModifyReplicationGroup'],
      },
      madeWith('subnetgroup', 'CacheSubnetGroupName'),
      madeWith('snapshot', 'SnapshotName'),
      changedTo('securitygroup', 'CacheSecurityGroupNames'),
      changedTo('usergroup', 'UserGroupIds'),
      { on: 'arn:aws:s3:::{SnapshotArns}', when: ['SnapshotArns'], create: ['s3:GetObject'] },
      // AWS: deliveries of logs are authorized on no resource.
      {
        on: '*',
        when: ['LogDeliveryConfigurations'],
        create: ['logs:CreateLogDelivery'],
        read: ['logs:GetLogDelivery', 'logs:ListLogDeliveries'],
        update: ['logs:DeleteLogDelivery', 'logs:UpdateLogDelivery'],
      },
      {
        on: `arn:aws:firehose:{region}:{account}:deliverystream/{${STREAM}}`,
        when: [STREAM],
        create: ['firehose:TagDeliveryStream'],
      },
      {
        on: '{key:KmsKeyId}',
        when: ['KmsKeyId'],
        create: ['kms:CreateGrant', 'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'],
      },
      linkedRole('elasticache.amazonaws.com'),
    ],
  },
  'AWS::ElastiCache::SubnetGroup': {
    ...registry('AWS::ElastiCache::SubnetGroup', '25f81a63a68c'),
    name: { property: 'CacheSubnetGroupName', longest: 255, letters: 'lower' },
    systemTags: false,
    grants: [
      {
        on: arn('subnetgroup', '{name}'),
        create: ['elasticache:CreateCacheSubnetGroup'],
        read: ['elasticache:DescribeCacheSubnetGroups'],
        update: ['elasticache:ModifyCacheSubnetGroup'],
        delete: ['elasticache:DeleteCacheSubnetGroup'],
        tag,
      },
    ],
  },
}
