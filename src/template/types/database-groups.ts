/** What CloudFormation needs for what databases lie in or are set by: subnet and parameter groups, proxies. */
import {
  type Evidence,
  type HandledType,
  linkedRole,
  type PermissionGrant,
  registry,
  type TypeTable,
} from './type-facts.ts'

const tag = ['rds:AddTagsToResource', 'rds:ListTagsForResource', 'rds:RemoveTagsFromResource']

/** AWS: RDS authorizes on `<kind>:<name>`, in lower case; what describes, on all there are. */
const named = (
  kind: string,
  noun: string,
  evidence: Evidence,
  grants: readonly PermissionGrant[],
  longest = 255,
): HandledType => ({
  ...evidence,
  name: { property: `${noun}Name`, longest, letters: 'lower' },
  grants: [
    {
      on: `arn:aws:rds:{region}:{account}:${kind}:{name}`,
      create: [`rds:Create${noun}`],
      update: [`rds:Modify${noun}`],
      delete: [`rds:Delete${noun}`],
      tag,
    },
    { on: `arn:aws:rds:{region}:{account}:${kind}:*`, read: [`rds:Describe${noun}s`] },
    ...grants,
  ],
})

export const databaseGroups: TypeTable = {
  'AWS::RDS::DBSubnetGroup': named(
    'subgrp',
    'DBSubnetGroup',
    registry('AWS::RDS::DBSubnetGroup', '08c77345e5a5'),
    [linkedRole('rds.amazonaws.com')],
  ),
  'AWS::RDS::DBParameterGroup': named(
    'pg',
    'DBParameterGroup',
    registry('AWS::RDS::DBParameterGroup', '08b15698a4a6'),
    [
      {
        on: 'arn:aws:rds:{region}:{account}:pg:{name}',
        when: ['Parameters'],
        read: ['rds:DescribeDBParameters'],
        update: ['rds:ResetDBParameterGroup'],
      },
      { on: '*', read: ['rds:DescribeEngineDefaultParameters'] },
    ],
  ),
  'AWS::RDS::DBClusterParameterGroup': named(
    'cluster-pg',
    'DBClusterParameterGroup',
    registry('AWS::RDS::DBClusterParameterGroup', '08c77345e5a5'),
    [
      {
        on: 'arn:aws:rds:{region}:{account}:cluster-pg:{name}',
        read: ['rds:DescribeDBClusterParameters'],
        update: ['rds:ResetDBClusterParameterGroup'],
      },
      { on: 'arn:aws:rds:{region}:{account}:cluster:*', read: ['rds:DescribeDBClusters'] },
      { on: '*', read: ['rds:DescribeEngineDefaultClusterParameters'] },
      linkedRole('rds.amazonaws.com'),
    ],
  ),
  'AWS::RDS::DBProxy': {
    ...registry('AWS::RDS::DBProxy', '08b15698a4a6'),
    name: { property: 'DBProxyName' },
    passes: { RoleArn: 'rds.amazonaws.com' },
    grants: [
      // AWS: creation is authorized on no resource, and a proxy's id is made up.
      { on: '*', create: ['rds:CreateDBProxy'] },
      {
        on: 'arn:aws:rds:{region}:{account}:db-proxy:*',
        read: ['rds:DescribeDBProxies'],
        update: ['rds:ModifyDBProxy'],
        delete: ['rds:DeleteDBProxy'],
        tag: ['rds:AddTagsToResource', 'rds:RemoveTagsFromResource'],
      },
    ],
  },
}
