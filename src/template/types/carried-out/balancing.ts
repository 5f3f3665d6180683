/** What the embedded cloud carries out of load balancers, target groups, listeners and rules. */
import type { CarriedOut } from './carried-out.ts'

const ACTION = ['Type', 'Order', 'TargetGroupArn', 'ForwardConfig', 'RedirectConfig', 'FixedResponseConfig']

const CONDITION = [
  'Field',
  'Values',
  'HostHeaderConfig',
  'HttpHeaderConfig',
  'HttpRequestMethodConfig',
  'PathPatternConfig',
  'QueryStringConfig',
  'SourceIpConfig',
]

export const balancing: Readonly<Record<string, CarriedOut>> = {
  'AWS::ElasticLoadBalancingV2::Listener': {
    members: {
      '': [
        'AlpnPolicy',
        'Certificates',
        'DefaultActions',
        'ListenerAttributes',
        'LoadBalancerArn',
        'Port',
        'Protocol',
        'SslPolicy',
        'Tags',
      ],
      'DefaultActions[]': ACTION,
    },
    values: { Protocol: ['HTTP', 'HTTPS', 'TCP'] },
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    members: {
      '': ['Actions', 'Conditions', 'ListenerArn', 'Priority', 'Tags'],
      'Actions[]': ACTION,
      'Conditions[]': CONDITION,
    },
  },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    members: {
      '': [
        'IpAddressType',
        'LoadBalancerAttributes',
        'Name',
        'Scheme',
        'SecurityGroups',
        'SubnetMappings',
        'Subnets',
        'Tags',
        'Type',
      ],
    },
    values: { Type: ['application', 'network'] },
  },
  'AWS::ElasticLoadBalancingV2::TargetGroup': {
    members: {
      '': [
        'HealthCheckEnabled',
        'HealthCheckIntervalSeconds',
        'HealthCheckPath',
        'HealthCheckPort',
        'HealthCheckProtocol',
        'HealthCheckTimeoutSeconds',
        'HealthyThresholdCount',
        'IpAddressType',
        'Matcher',
        'Name',
        'Port',
        'Protocol',
        'ProtocolVersion',
        'Tags',
        'TargetGroupAttributes',
        'TargetType',
        'Targets',
        'UnhealthyThresholdCount',
        'VpcId',
      ],
    },
    values: {
      IpAddressType: ['ipv4'],
      Protocol: ['HTTP', 'HTTPS', 'TCP'],
      ProtocolVersion: ['HTTP1'],
      TargetType: ['instance', 'ip', 'lambda'],
    },
  },
}
