/** What CloudFormation needs for VPC and load balancer resources. */
import {
  authorization,
  type PermissionTable,
  type PhaseActions,
  type ResourcePermissions,
  registry,
} from './resource-permissions.ts'

const ec2 = authorization('amazonec2')
const elb = authorization('awselasticloadbalancingv2')

const arn = (kind: string): string => `arn:aws:ec2:{region}:{account}:${kind}/*`

/**
 * A resource of a VPC. AWS: ids are made up, tags are set on the resource's own kind, what describes is authorized on no
 * resource, and what joins two resources is authorized on both.
 */
const inVpc = (
  kinds: readonly string[],
  describe: readonly string[],
  actions: PhaseActions,
  evidence = ec2,
): ResourcePermissions => ({
  ...evidence,
  grants: [
    ...kinds.map((kind) => ({ on: arn(kind), ...actions })),
    { on: arn(kinds[0]!), tag: ['ec2:CreateTags', 'ec2:DeleteTags'] },
    { on: '*', read: describe.map((noun) => `ec2:Describe${noun}`) },
  ],
})

/** As `inVpc`, for what only joins others and carries no tags. */
const joint = (
  kinds: readonly string[],
  describe: readonly string[],
  actions: PhaseActions,
): ResourcePermissions => {
  const { grants, ...evidence } = inVpc(kinds, describe, actions)
  return { ...evidence, grants: grants.filter((grant) => !grant.tag) }
}

const balancer = (path: string): string => `arn:aws:elasticloadbalancing:{region}:{account}:${path}`
const balancerTags = ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags']

export const network: PermissionTable = {
  'AWS::EC2::VPC': inVpc(['vpc'], ['Vpcs', 'VpcAttribute'], {
    create: ['ec2:CreateVpc', 'ec2:ModifyVpcAttribute'],
    delete: ['ec2:DeleteVpc'],
  }),
  'AWS::EC2::Subnet': inVpc(
    ['subnet', 'vpc'],
    ['NetworkAcls', 'Subnets'],
    {
      create: ['ec2:CreateSubnet'],
      update: [
        'ec2:AssociateSubnetCidrBlock',
        'ec2:DisassociateSubnetCidrBlock',
        'ec2:ModifySubnetAttribute',
      ],
      delete: ['ec2:DeleteSubnet'],
    },
    registry('AWS::EC2::Subnet'),
  ),
  'AWS::EC2::InternetGateway': inVpc(
    ['internet-gateway'],
    ['InternetGateways'],
    {
      create: ['ec2:CreateInternetGateway'],
      delete: ['ec2:DeleteInternetGateway'],
    },
    registry('AWS::EC2::InternetGateway'),
  ),
  'AWS::EC2::VPCGatewayAttachment': joint(['internet-gateway', 'vpc'], ['InternetGateways', 'Vpcs'], {
    create: ['ec2:AttachInternetGateway'],
    delete: ['ec2:DetachInternetGateway'],
  }),
  'AWS::EC2::RouteTable': inVpc(
    ['route-table', 'vpc'],
    ['RouteTables'],
    {
      create: ['ec2:CreateRouteTable'],
      delete: ['ec2:DeleteRouteTable'],
    },
    registry('AWS::EC2::RouteTable'),
  ),
  'AWS::EC2::Route': joint(['route-table'], ['RouteTables', 'NatGateways'], {
    create: ['ec2:CreateRoute'],
    update: ['ec2:ReplaceRoute'],
    delete: ['ec2:DeleteRoute'],
  }),
  'AWS::EC2::SubnetRouteTableAssociation': joint(['route-table', 'subnet'], ['RouteTables'], {
    create: ['ec2:AssociateRouteTable'],
    update: ['ec2:ReplaceRouteTableAssociation'],
    delete: ['ec2:DisassociateRouteTable'],
  }),
  'AWS::EC2::EIP': inVpc(['elastic-ip'], ['Addresses'], {
    create: ['ec2:AllocateAddress'],
    update: ['ec2:AssociateAddress', 'ec2:DisassociateAddress'],
    delete: ['ec2:ReleaseAddress'],
  }),
  'AWS::EC2::NatGateway': inVpc(['natgateway', 'subnet', 'elastic-ip'], ['NatGateways'], {
    create: ['ec2:CreateNatGateway'],
    delete: ['ec2:DeleteNatGateway'],
  }),
  'AWS::EC2::VPCEndpoint': inVpc(
    ['vpc-endpoint', 'vpc', 'route-table', 'subnet', 'security-group'],
    ['VpcEndpoints'],
    {
      create: ['ec2:CreateVpcEndpoint'],
      update: ['ec2:ModifyVpcEndpoint'],
      delete: ['ec2:DeleteVpcEndpoints'],
    },
  ),
  'AWS::EC2::SecurityGroup': inVpc(
    ['security-group', 'vpc'],
    ['Instances', 'SecurityGroups'],
    {
      create: [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:CreateSecurityGroup',
        'ec2:RevokeSecurityGroupEgress',
      ],
      update: [
        'ec2:RevokeSecurityGroupIngress',
        'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
        'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
      ],
      delete: ['ec2:DeleteSecurityGroup'],
    },
    registry('AWS::EC2::SecurityGroup'),
  ),
  'AWS::EC2::SecurityGroupIngress': joint(['security-group', 'security-group-rule'], ['SecurityGroupRules'], {
    create: ['ec2:AuthorizeSecurityGroupIngress'],
    update: ['ec2:UpdateSecurityGroupRuleDescriptionsIngress'],
    delete: ['ec2:RevokeSecurityGroupIngress'],
  }),
  'AWS::EC2::SecurityGroupEgress': joint(['security-group', 'security-group-rule'], ['SecurityGroupRules'], {
    create: ['ec2:AuthorizeSecurityGroupEgress'],
    update: ['ec2:UpdateSecurityGroupRuleDescriptionsEgress'],
    delete: ['ec2:RevokeSecurityGroupEgress'],
  }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ...registry('AWS::ElasticLoadBalancingV2::LoadBalancer'),
    systemTags: false,
    name: 'Name',
    longestName: 32,
    longestStackPart: 5,
    grants: [
      {
        on: balancer('loadbalancer/*/{name}/*'),
        create: [
          'elasticloadbalancing:CreateLoadBalancer',
          'elasticloadbalancing:ModifyLoadBalancerAttributes',
        ],
        update: [
          'elasticloadbalancing:SetIpAddressType',
          'elasticloadbalancing:SetSecurityGroups',
          'elasticloadbalancing:SetSubnets',
        ],
        delete: ['elasticloadbalancing:DeleteLoadBalancer'],
        tag: balancerTags,
      },
      {
        on: '*',
        read: [
          'elasticloadbalancing:DescribeLoadBalancerAttributes',
          'elasticloadbalancing:DescribeLoadBalancers',
          'elasticloadbalancing:DescribeTags',
        ],
      },
      {
        on: 'arn:aws:iam::{account}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*',
        create: ['iam:CreateServiceLinkedRole'],
      },
    ],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    ...registry('AWS::ElasticLoadBalancingV2::TargetGroup'),
    name: 'Name',
    longestName: 32,
    longestStackPart: 5,
    grants: [
      {
        on: balancer('targetgroup/{name}/*'),
        create: [
          'elasticloadbalancing:CreateTargetGroup',
          'elasticloadbalancing:ModifyTargetGroupAttributes',
        ],
        update: ['elasticloadbalancing:ModifyTargetGroup'],
        delete: ['elasticloadbalancing:DeleteTargetGroup'],
        tag: balancerTags,
      },
      {
        on: balancer('targetgroup/{name}/*'),
        when: ['Targets'],
        create: ['elasticloadbalancing:RegisterTargets'],
        update: ['elasticloadbalancing:DeregisterTargets'],
      },
      {
        on: '*',
        read: [
          'ec2:DescribeVpcs',
          'elasticloadbalancing:DescribeTags',
          'elasticloadbalancing:DescribeTargetGroupAttributes',
          'elasticloadbalancing:DescribeTargetGroups',
          'elasticloadbalancing:DescribeTargetHealth',
        ],
      },
    ],
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    ...elb,
    grants: [
      { on: balancer('loadbalancer/*/*/*'), create: ['elasticloadbalancing:CreateListener'] },
      {
        on: balancer('listener/*/*/*/*'),
        update: ['elasticloadbalancing:ModifyListener'],
        delete: ['elasticloadbalancing:DeleteListener'],
        tag: balancerTags,
      },
      { on: '*', read: ['elasticloadbalancing:DescribeListeners'] },
    ],
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    ...elb,
    grants: [
      { on: balancer('listener/*/*/*/*'), create: ['elasticloadbalancing:CreateRule'] },
      {
        on: balancer('listener-rule/*/*/*/*/*'),
        update: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities'],
        delete: ['elasticloadbalancing:DeleteRule'],
        tag: balancerTags,
      },
      { on: '*', read: ['elasticloadbalancing:DescribeRules'] },
    ],
  },
}
