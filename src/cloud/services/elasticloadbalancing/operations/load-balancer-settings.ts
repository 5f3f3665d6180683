/** SetSecurityGroups, SetSubnets and SetIpAddressType: kept and told, without effect on what is forwarded. */
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { invalid } from '../engine/refuse.ts'
import { checkSubnets } from '../engine/subnets.ts'
import { loadBalancerView } from '../engine/views.ts'
import { loadBalancerKind } from '../kinds.ts'

export const SetSecurityGroups = operation({
  service: 'elasticloadbalancing',
  name: 'SetSecurityGroups',
  access: (input, ctx) => [
    loadBalancerKind.on(ctx, 'SetSecurityGroups', input.LoadBalancerArn, {
      'elasticloadbalancing:SecurityGroup': input.SecurityGroups,
    }),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'])
    const { securityGroups } = loadBalancerKind.change(ctx, input.LoadBalancerArn, {
      securityGroups: input.SecurityGroups,
    })
    return { SecurityGroupIds: [...securityGroups] }
  },
})

export const SetSubnets = operation({
  service: 'elasticloadbalancing',
  name: 'SetSubnets',
  access: (input, ctx) => [
    loadBalancerKind.on(ctx, 'SetSubnets', input.LoadBalancerArn, {
      'elasticloadbalancing:Subnet':
        input.Subnets ?? (input.SubnetMappings ?? []).map(({ SubnetId = '' }) => SubnetId),
    }),
  ],
  run: (input, ctx) => {
    refuseUnsupported(input, ['EnablePrefixForIpv6SourceNat'])
    const { type } = loadBalancerKind.find(ctx, input.LoadBalancerArn)
    const subnets = checkSubnets(type, input)
    const balancer = loadBalancerKind.change(ctx, input.LoadBalancerArn, (now) => ({
      ...now,
      subnets,
      ipAddressType: input.IpAddressType ?? now.ipAddressType,
    }))
    const { AvailabilityZones, IpAddressType } = loadBalancerView(ctx, balancer)
    return { AvailabilityZones, IpAddressType }
  },
})

export const SetIpAddressType = operation({
  service: 'elasticloadbalancing',
  name: 'SetIpAddressType',
  access: (input, ctx) => [loadBalancerKind.on(ctx, 'SetIpAddressType', input.LoadBalancerArn)],
  run: ({ LoadBalancerArn: arn, IpAddressType: ipAddressType }, ctx) => {
    const { type } = loadBalancerKind.find(ctx, arn)
    if (type === 'network' && ipAddressType === 'dualstack-without-public-ipv4')
      throw invalid('Network Load Balancers do not support the IP address type dualstack-without-public-ipv4')
    loadBalancerKind.change(ctx, arn, { ipAddressType })
    return { IpAddressType: ipAddressType }
  },
})
