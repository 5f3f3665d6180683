/** AWS::ElasticLoadBalancingV2::TargetGroup. */
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
import { attributesOf, typed } from './typed.ts'

type Group = NonNullable<Output<'elasticloadbalancing', 'DescribeTargetGroups'>['TargetGroups']>[number]

const outcome = ({ TargetGroupArn: arn = '', TargetGroupName, LoadBalancerArns }: Group) => ({
  physicalId: arn,
  attributes: {
    TargetGroupArn: arn,
    TargetGroupName,
    TargetGroupFullName: arn.slice(arn.lastIndexOf(':') + 1),
    LoadBalancerArns: LoadBalancerArns ?? [],
  },
})

const health = (properties: Properties): Properties =>
  typed(properties, {
    HealthCheckProtocol: 'text',
    HealthCheckPort: 'text',
    HealthCheckEnabled: 'flag',
    HealthCheckPath: 'text',
    HealthCheckIntervalSeconds: 'number',
    HealthCheckTimeoutSeconds: 'number',
    HealthyThresholdCount: 'number',
    UnhealthyThresholdCount: 'number',
    Matcher: (matcher: Properties) => typed(matcher, { HttpCode: 'text', GrpcCode: 'text' }),
  })

const settings = (properties: Properties): Properties => ({
  ...typed(properties, {
    Protocol: 'text',
    ProtocolVersion: 'text',
    Port: 'number',
    VpcId: 'text',
    TargetType: 'text',
    IpAddressType: 'text',
  }),
  ...health(properties),
})

async function describe(arn: string, rc: ReadContext): Promise<Group> {
  const { TargetGroups = [] } = await rc.call('elasticloadbalancing', 'DescribeTargetGroups', {
    TargetGroupArns: [arn],
  })
  return TargetGroups[0]!
}

const found = (arn: string, rc: ReadContext) =>
  unlessAbsent(describe(arn, rc), 'TargetGroupNotFoundException')

async function setAttributes(arn: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const Attributes = attributesOf(properties.TargetGroupAttributes)
  if (Attributes.length)
    await rc.call('elasticloadbalancing', 'ModifyTargetGroupAttributes', { TargetGroupArn: arn, Attributes })
}

const targetsOf = ({ Targets = [] }: Properties): { Id: string; Port?: number }[] =>
  (Targets as Properties[]).map(
    (one) => typed(one, { Id: 'text', Port: 'number', AvailabilityZone: 'text' }) as { Id: string },
  )

/** AWS: looks at the targets once it has changed them. */
async function setTargets(arn: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  const [wanted, present] = [targetsOf(properties), targetsOf(previous)]
  const beyond = (some: typeof wanted, others: typeof wanted) =>
    some.filter((one) => !others.some((other) => same(one, other)))
  const [added, gone] = [beyond(wanted, present), beyond(present, wanted)]
  if (gone.length)
    await rc.call('elasticloadbalancing', 'DeregisterTargets', { TargetGroupArn: arn, Targets: gone })
  if (added.length)
    await rc.call('elasticloadbalancing', 'RegisterTargets', { TargetGroupArn: arn, Targets: added })
  await rc.call('elasticloadbalancing', 'DescribeTargetHealth', { TargetGroupArn: arn })
}

export const targetGroup = resourceType({
  type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  create: async (properties, rc) => {
    const { Name = rc.generateName() } = properties
    const Tags = tagList(resourceTags(properties, rc))
    const { TargetGroups = [] } = await rc.call('elasticloadbalancing', 'CreateTargetGroup', {
      Name,
      ...settings(properties),
      ...(Tags.length && { Tags }),
    })
    const arn = TargetGroups[0]?.TargetGroupArn ?? ''
    rc.made(arn)
    await setAttributes(arn, properties, rc)
    await setTargets(arn, properties, {}, rc)
    return outcome(await describe(arn, rc))
  },
  update: async (arn, properties, previous, rc) => {
    if (!same(health(properties), health(previous)))
      await rc.call('elasticloadbalancing', 'ModifyTargetGroup', {
        TargetGroupArn: arn,
        ...health(properties),
      })
    if (!same(properties.TargetGroupAttributes, previous.TargetGroupAttributes))
      await setAttributes(arn, properties, rc)
    await setTargets(arn, properties, previous, rc)
    await rc.call('elasticloadbalancing', 'DescribeTags', { ResourceArns: [arn] })
    await retag(arn, properties, previous, rc)
    return outcome(await describe(arn, rc))
  },
  read: async (arn, rc) => {
    const there = await found(arn, rc)
    return there && outcome(there)
  },
  delete: async (arn, _properties, rc) => {
    if (await found(arn, rc))
      await rc.call('elasticloadbalancing', 'DeleteTargetGroup', { TargetGroupArn: arn })
  },
})
