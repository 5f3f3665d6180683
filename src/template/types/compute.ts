/** What CloudFormation needs for EC2 instances, launch templates and groups of instances. */
import { arn, describes, taggedKind } from './network.ts'
import { handlersPage, linkedRole, type PermissionGrant, type TypeTable } from './type-facts.ts'

/** AWS: a launch is authorized on the image, which is nobody's in particular, and on all that an instance is made of. */
const LAUNCH: PermissionGrant[] = [
  'arn:aws:ec2:{region}::image/*',
  'arn:aws:ec2:{region}::snapshot/*',
  ...[
    'instance',
    'key-pair',
    'launch-template',
    'network-interface',
    'placement-group',
    'security-group',
    'subnet',
    'volume',
  ].map(arn),
].map((on) => ({ on, create: ['ec2:RunInstances'] }))

const GROUP = 'arn:aws:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/{name}'
const ofGroup = (
  when: readonly string[],
  create: readonly string[],
  update: readonly string[],
): PermissionGrant => ({
  on: GROUP,
  when,
  create: create.map((action) => `autoscaling:${action}`),
  update: update.map((action) => `autoscaling:${action}`),
})

export const compute: TypeTable = {
  'AWS::EC2::Instance': {
    ...taggedKind(
      'instance',
      handlersPage('ec2/instances', '0a0c503a9b7d'),
      {
        create: ['ec2:ModifyInstanceAttribute'],
        read: ['ec2:DescribeInstanceAttribute'],
        update: ['ec2:StartInstances', 'ec2:StopInstances'],
        delete: ['ec2:TerminateInstances'],
      },
      [
        ...LAUNCH,
        ...['security-group', 'volume'].map((kind) => ({
          on: arn(kind),
          update: ['ec2:ModifyInstanceAttribute'],
        })),
        describes(
          'InstanceCreditSpecifications',
          'Instances',
          'KeyPairs',
          'LaunchTemplateVersions',
          'LaunchTemplates',
          'NetworkInterfaces',
          'SecurityGroups',
          'Subnets',
          'Volumes',
          'Vpcs',
        ),
        // AWS: volumes and interfaces that come into being with an instance carry its tags.
        ...['network-interface', 'volume'].map((kind) => ({
          on: arn(kind),
          when: ['PropagateTagsToVolumeOnCreation', 'NetworkInterfaces', 'BlockDeviceMappings'],
          tag: ['ec2:CreateTags'],
        })),
        {
          on: arn('instance'),
          when: ['IamInstanceProfile'],
          create: ['ec2:AssociateIamInstanceProfile'],
          update: ['ec2:DisassociateIamInstanceProfile', 'ec2:ReplaceIamInstanceProfileAssociation'],
        },
        { on: '*', when: ['IamInstanceProfile'], read: ['ec2:DescribeIamInstanceProfileAssociations'] },
        ...['instance', 'volume'].map((kind) => ({
          on: arn(kind),
          when: ['Volumes'],
          create: ['ec2:AttachVolume'],
          update: ['ec2:DetachVolume'],
        })),
        {
          on: arn('instance'),
          when: ['CreditSpecification'],
          create: ['ec2:ModifyInstanceCreditSpecification'],
        },
        { on: arn('instance'), when: ['MetadataOptions'], update: ['ec2:ModifyInstanceMetadataOptions'] },
        {
          on: arn('instance'),
          when: ['Affinity', 'HostId', 'HostResourceGroupArn', 'PlacementGroupName', 'Tenancy'],
          create: ['ec2:ModifyInstancePlacement'],
        },
        {
          on: arn('instance'),
          when: ['Monitoring'],
          create: ['ec2:MonitorInstances'],
          update: ['ec2:UnmonitorInstances'],
        },
        { on: arn('instance'), when: ['PrivateDnsNameOptions'], create: ['ec2:ModifyPrivateDnsNameOptions'] },
        ...[
          arn('instance'),
          'arn:aws:ssm:{region}:*:document/*',
          'arn:aws:ssm:{region}:{account}:association/*',
        ].map((on) => ({
          on,
          when: ['SsmAssociations'],
          create: ['ssm:CreateAssociation'],
          read: ['ssm:DescribeAssociation'],
          update: ['ssm:DeleteAssociation'],
        })),
        { on: '*', when: ['SsmAssociations'], read: ['ssm:ListAssociations'] },
      ],
    ),
    passes: { IamInstanceProfile: 'ec2.amazonaws.com' },
  },
  'AWS::EC2::LaunchTemplate': {
    ...handlersPage('ec2/launch_templates', '0a9e0924a72a'),
    grants: [
      {
        on: arn('launch-template'),
        create: ['ec2:CreateLaunchTemplate'],
        update: ['ec2:CreateLaunchTemplateVersion'],
        delete: ['ec2:DeleteLaunchTemplate'],
      },
      describes('LaunchTemplates'),
      {
        on: arn('launch-template'),
        when: ['TagSpecifications'],
        create: ['ec2:CreateTags'],
        delete: ['ec2:DeleteTags'],
      },
    ],
  },
  'AWS::AutoScaling::AutoScalingGroup': {
    ...handlersPage('autoscaling/auto_scaling_groups', '0ade0a920233'),
    name: { property: 'AutoScalingGroupName', longest: 255 },
    passes: { 'LifecycleHookSpecificationList[].RoleARN': 'autoscaling.amazonaws.com' },
    open: 'who makes a group of a launch template must be allowed to pass on the role of its instance profile',
    grants: [
      {
        on: GROUP,
        create: ['autoscaling:CreateAutoScalingGroup'],
        update: ['autoscaling:UpdateAutoScalingGroup'],
        delete: ['autoscaling:DeleteAutoScalingGroup', 'autoscaling:UpdateAutoScalingGroup'],
        tag: ['autoscaling:CreateOrUpdateTags', 'autoscaling:DeleteTags'],
      },
      // AWS: all that describes groups is authorized on none.
      {
        on: '*',
        read: [
          'autoscaling:DescribeAutoScalingGroups',
          'autoscaling:DescribeLifecycleHooks',
          'autoscaling:DescribeNotificationConfigurations',
          'autoscaling:DescribeScalingActivities',
          'autoscaling:DescribeTags',
        ],
      },
      ...LAUNCH.map((grant) => ({ ...grant, when: ['LaunchTemplate', 'MixedInstancesPolicy'] })),
      describes('LaunchTemplateVersions', 'LaunchTemplates', 'SecurityGroups', 'Subnets'),
      ofGroup(['MetricsCollection'], ['EnableMetricsCollection'], ['DisableMetricsCollection']),
      ofGroup(
        ['NotificationConfigurations', 'NotificationConfiguration'],
        ['PutNotificationConfiguration'],
        ['DeleteNotificationConfiguration'],
      ),
      ofGroup(['TargetGroupARNs'], [], ['AttachLoadBalancerTargetGroups', 'DetachLoadBalancerTargetGroups']),
      ofGroup(['LoadBalancerNames'], [], ['AttachLoadBalancers', 'DetachLoadBalancers']),
      ofGroup(['TrafficSources'], [], ['AttachTrafficSources', 'DetachTrafficSources']),
      {
        on: 'arn:aws:vpc-lattice:{region}:{account}:targetgroup/*',
        when: ['TrafficSources'],
        create: ['vpc-lattice:RegisterTargets'],
        read: ['vpc-lattice:GetTargetGroup', 'vpc-lattice:ListTargets'],
        update: ['vpc-lattice:DeregisterTargets'],
      },
      {
        on: '*',
        when: ['LoadBalancerNames', 'TargetGroupARNs', 'TrafficSources'],
        read: ['elasticloadbalancing:DescribeLoadBalancers', 'elasticloadbalancing:DescribeTargetGroups'],
      },
      { on: '*', when: ['MixedInstancesPolicy'], read: ['ec2:GetInstanceTypesFromInstanceRequirements'] },
      ofGroup(['LifecycleHookSpecificationList'], [], ['DeleteLifecycleHook', 'PutLifecycleHook']),
      linkedRole('autoscaling.amazonaws.com'),
    ],
  },
}
