/** What CloudFormation needs for what lets traffic through or records it: security groups, network ACLs, flow logs. */
import { arn, describes, taggedKind } from './network.ts'
import { registry, type TypeTable } from './type-facts.ts'

const ofType = (name: string, commit: string) => registry(`AWS::EC2::${name}`, commit)

/** AWS: a rule is authorized on its group, and on itself once it has an id. */
const RULE = [arn('security-group'), arn('security-group-rule')]

export const networkAccess: TypeTable = {
  'AWS::EC2::SecurityGroup': taggedKind(
    'security-group',
    ofType('SecurityGroup', '12ef4840d77e'),
    {
      create: [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateSecurityGroup',
        'ec2:RevokeSecurityGroupEgress',
      ],
      update: ['ec2:RevokeSecurityGroupIngress'],
      delete: ['ec2:DeleteSecurityGroup'],
    },
    [
      { on: arn('vpc'), create: ['ec2:CreateSecurityGroup'] },
      {
        on: arn('security-group-rule'),
        create: ['ec2:AuthorizeSecurityGroupEgress', 'ec2:AuthorizeSecurityGroupIngress'],
      },
      {
        on: arn('security-group'),
        update: [
          'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
          'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
        ],
        undeclared: 'an update that changes the description of a rule alone',
      },
      describes('Instances', 'SecurityGroups'),
    ],
  ),
  'AWS::EC2::SecurityGroupIngress': {
    ...ofType('SecurityGroupIngress', '129d937b0454'),
    grants: [
      ...RULE.map((on) => ({ on, create: ['ec2:AuthorizeSecurityGroupIngress'] })),
      {
        on: arn('security-group'),
        update: ['ec2:UpdateSecurityGroupRuleDescriptionsIngress'],
        delete: ['ec2:RevokeSecurityGroupIngress'],
      },
      describes('SecurityGroupRules', 'SecurityGroups'),
    ],
  },
  'AWS::EC2::SecurityGroupEgress': {
    ...ofType('SecurityGroupEgress', '261b70b1b5a9'),
    grants: [
      ...RULE.map((on) => ({ on, create: ['ec2:AuthorizeSecurityGroupEgress'] })),
      {
        on: arn('security-group'),
        update: ['ec2:UpdateSecurityGroupRuleDescriptionsEgress'],
        delete: ['ec2:RevokeSecurityGroupEgress'],
      },
      describes('SecurityGroupRules'),
    ],
  },
  'AWS::EC2::NetworkAcl': taggedKind(
    'network-acl',
    ofType('NetworkAcl', '0cb1378ed021'),
    { create: ['ec2:CreateNetworkAcl'], delete: ['ec2:DeleteNetworkAcl'] },
    [{ on: arn('vpc'), create: ['ec2:CreateNetworkAcl'] }, describes('NetworkAcls', 'Tags')],
  ),
  'AWS::EC2::NetworkAclEntry': {
    ...ofType('NetworkAclEntry', '338936ca4a8b'),
    grants: [
      {
        on: arn('network-acl'),
        create: ['ec2:CreateNetworkAclEntry'],
        update: ['ec2:ReplaceNetworkAclEntry'],
        delete: ['ec2:DeleteNetworkAclEntry'],
      },
      describes('NetworkAcls'),
    ],
  },
  'AWS::EC2::SubnetNetworkAclAssociation': {
    ...ofType('SubnetNetworkAclAssociation', '9066dd33ea33'),
    grants: [
      ...[arn('network-acl'), arn('subnet')].map((on) => ({
        on,
        create: ['ec2:ReplaceNetworkAclAssociation'],
        delete: ['ec2:ReplaceNetworkAclAssociation'],
      })),
      describes('NetworkAcls'),
    ],
  },
  'AWS::EC2::FlowLog': {
    ...taggedKind(
      'vpc-flow-log',
      ofType('FlowLog', '006ba3d0c74a'),
      { create: ['ec2:CreateFlowLogs'], delete: ['ec2:DeleteFlowLogs'] },
      [
        ...['vpc', 'subnet', 'network-interface'].map((kind) => ({
          on: arn(kind),
          create: ['ec2:CreateFlowLogs'],
        })),
        describes('FlowLogs'),
        // AWS: deliveries of logs are authorized on no resource.
        {
          on: '*',
          when: ['LogDestinationType', 'LogDestination'],
          create: ['logs:CreateLogDelivery'],
          delete: ['logs:DeleteLogDelivery'],
        },
        // AWS: the bucket that logs are delivered to gets a policy that lets the delivery in.
        {
          on: 'arn:aws:s3:::{LogDestination}',
          refers: ['LogDestination', 's3'],
          when: ['LogDestination'],
          create: ['s3:GetBucketPolicy', 's3:PutBucketPolicy'],
        },
      ],
    ),
    passes: {
      DeliverLogsPermissionArn: 'vpc-flow-logs.amazonaws.com',
      DeliverCrossAccountRole: 'vpc-flow-logs.amazonaws.com',
    },
  },
}
