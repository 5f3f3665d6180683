/** AWS::ElasticLoadBalancingV2::LoadBalancer. */
import type { Output } from '../../../kernel/api.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { retag, same } from './retag.ts'
import { attributesOf } from './typed.ts'

type Balancer = NonNullable<Output<'elasticloadbalancing', 'DescribeLoadBalancers'>['LoadBalancers']>[number]

const outcome = ({ LoadBalancerArn: arn = '', ...one }: Balancer) => ({
  physicalId: arn,
  attributes: {
    LoadBalancerArn: arn,
    LoadBalancerName: one.LoadBalancerName,
    LoadBalancerFullName: arn.slice(arn.indexOf('/') + 1),
    DNSName: one.DNSName,
    CanonicalHostedZoneID: one.CanonicalHostedZoneId,
    SecurityGroups: one.SecurityGroups ?? [],
  },
})

async function describe(arn: string, rc: ReadContext): Promise<Balancer> {
  const { LoadBalancers = [] } = await rc.call('elasticloadbalancing', 'DescribeLoadBalancers', {
    LoadBalancerArns: [arn],
  })
  return LoadBalancers[0]!
}

const found = (arn: string, rc: ReadContext) =>
  unlessAbsent(describe(arn, rc), 'LoadBalancerNotFoundException')

async function setAttributes(arn: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const Attributes = attributesOf(properties.LoadBalancerAttributes)
  if (Attributes.length)
    await rc.call('elasticloadbalancing', 'ModifyLoadBalancerAttributes', {
      LoadBalancerArn: arn,
      Attributes,
    })
}

const placesOf = ({ Subnets, SubnetMappings }: Properties) => ({ Subnets, SubnetMappings })

/** Changes what has changed of the settings. */
async function change(arn: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  if (!same(placesOf(properties), placesOf(previous)))
    await rc.call('elasticloadbalancing', 'SetSubnets', { LoadBalancerArn: arn, ...placesOf(properties) })
  if (!same(properties.SecurityGroups, previous.SecurityGroups))
    await rc.call('elasticloadbalancing', 'SetSecurityGroups', {
      LoadBalancerArn: arn,
      SecurityGroups: properties.SecurityGroups ?? [],
    })
  if (properties.IpAddressType !== previous.IpAddressType)
    await rc.call('elasticloadbalancing', 'SetIpAddressType', {
      LoadBalancerArn: arn,
      IpAddressType: properties.IpAddressType ?? 'ipv4',
    })
  if (!same(properties.LoadBalancerAttributes, previous.LoadBalancerAttributes))
    await setAttributes(arn, properties, rc)
}

export const loadBalancer = resourceType({
  type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  create: async (properties, rc) => {
    const { Name = rc.generateName(), Type, Scheme, SecurityGroups, IpAddressType } = properties
    const Tags = tagList(resourceTags(properties, rc))
    const { LoadBalancers = [] } = await rc.call('elasticloadbalancing', 'CreateLoadBalancer', {
      ...{ Name, Type, Scheme, SecurityGroups, IpAddressType },
      ...placesOf(properties),
      ...(Tags.length && { Tags }),
    })
    const arn = LoadBalancers[0]?.LoadBalancerArn ?? ''
    rc.made(arn)
    await setAttributes(arn, properties, rc)
    return outcome(await describe(arn, rc))
  },
  update: async (arn, properties, previous, rc) => {
    await change(arn, properties, previous, rc)
    await retag(arn, properties, previous, rc)
    return outcome(await describe(arn, rc))
  },
  read: async (arn, rc) => {
    const there = await found(arn, rc)
    return there && outcome(there)
  },
  delete: async (arn, _properties, rc) => {
    if (await found(arn, rc))
      await rc.call('elasticloadbalancing', 'DeleteLoadBalancer', { LoadBalancerArn: arn })
  },
})
