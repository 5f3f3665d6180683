/** What CloudFormation needs for Application and Network Load Balancers. */
import {
  authorization,
  handlersPage,
  linkedRole,
  type PermissionGrant,
  registry,
  type TypeTable,
} from './type-facts.ts'

const arn = (path: string): string => `arn:aws:elasticloadbalancing:{region}:{account}:${path}`
const tags = ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags']
/** AWS: between the word and the name stands which of the three kinds it is. */
const BALANCER = arn('loadbalancer/{made-up}/{name}/{made-up}')
const GROUP = arn('targetgroup/{name}/{made-up}')
const LISTENER = arn('listener/*/*/*/*')
const RULE = arn('listener-rule/*/*/*/*/*')

/** AWS: what describes load balancers and what hangs on them is authorized on none. */
const describes = (...nouns: readonly string[]): PermissionGrant => ({
  on: '*',
  read: nouns.map((noun) => `elasticloadbalancing:Describe${noun}`),
})

/** AWS: who sets up sign-in through a user pool must be allowed to look at the pool's client. */
const signIn = (property: string): PermissionGrant => ({
  on: 'arn:aws:cognito-idp:{region}:{account}:userpool/*',
  when: [`${property}[].AuthenticateCognitoConfig`],
  create: ['cognito-idp:DescribeUserPoolClient'],
})

export const balancing: TypeTable = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ...registry('AWS::ElasticLoadBalancingV2::LoadBalancer', '06d0ad12c8f4'),
    name: { property: 'Name', longest: 32, sureOfStack: 5 },
    arn: BALANCER,
    ref: '{arn}',
    attributes: { LoadBalancerArn: '{arn}', LoadBalancerName: '{name}' },
    grants: [
      {
        on: arn('loadbalancer/*/{name}/*'),
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
        tag: tags,
      },
      describes('LoadBalancerAttributes', 'LoadBalancers', 'Tags'),
      linkedRole('elasticloadbalancing.amazonaws.com', {
        undeclared: 'the first load balancer of an account makes the role',
      }),
    ],
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    ...registry('AWS::ElasticLoadBalancingV2::TargetGroup', '17466f057e01'),
    name: { property: 'Name', longest: 32, sureOfStack: 5 },
    arn: GROUP,
    ref: '{arn}',
    attributes: {
      TargetGroupArn: '{arn}',
      TargetGroupName: '{name}',
      TargetGroupFullName: 'targetgroup/{name}/{made-up}',
    },
    grants: [
      {
        on: arn('targetgroup/{name}/*'),
        create: [
          'elasticloadbalancing:CreateTargetGroup',
          'elasticloadbalancing:ModifyTargetGroupAttributes',
        ],
        update: ['elasticloadbalancing:ModifyTargetGroup'],
        delete: ['elasticloadbalancing:DeleteTargetGroup'],
        tag: tags,
      },
      {
        on: arn('targetgroup/{name}/*'),
        when: ['Targets'],
        create: ['elasticloadbalancing:RegisterTargets'],
        update: ['elasticloadbalancing:DeregisterTargets'],
      },
      describes('Tags', 'TargetGroupAttributes', 'TargetGroups', 'TargetHealth'),
      { on: '*', when: ['VpcId'], read: ['ec2:DescribeVpcs'] },
    ],
  },
  'AWS::ElasticLoadBalancingV2::Listener': {
    ...handlersPage('elasticloadbalancingv2/listeners', '0a0c503a9b7d'),
    grants: [
      { on: arn('loadbalancer/*/*/*'), create: ['elasticloadbalancing:CreateListener'] },
      {
        on: LISTENER,
        update: ['elasticloadbalancing:ModifyListener'],
        delete: ['elasticloadbalancing:DeleteListener'],
      },
      {
        on: LISTENER,
        tag: tags,
        undeclared: 'the page is older than the tags of listeners',
      },
      {
        on: LISTENER,
        when: ['ListenerAttributes'],
        create: ['elasticloadbalancing:ModifyListenerAttributes'],
      },
      describes('ListenerAttributes', 'Listeners'),
      signIn('DefaultActions'),
    ],
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    ...registry('AWS::ElasticLoadBalancingV2::ListenerRule', '069cb8416a2b'),
    grants: [
      { on: LISTENER, create: ['elasticloadbalancing:CreateRule'] },
      {
        on: RULE,
        update: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:SetRulePriorities'],
        delete: ['elasticloadbalancing:DeleteRule'],
        tag: tags,
      },
      describes('Rules', 'Tags'),
      signIn('Actions'),
    ],
  },
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': {
    ...authorization('awselasticloadbalancingv2'),
    grants: [
      {
        on: LISTENER,
        create: ['elasticloadbalancing:AddListenerCertificates'],
        update: ['elasticloadbalancing:RemoveListenerCertificates'],
        delete: ['elasticloadbalancing:RemoveListenerCertificates'],
      },
    ],
  },
}
