/** AWS::ElasticLoadBalancingV2::Listener. */
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
import { actionsOf, attributesOf, typed } from './typed.ts'

const outcome = (arn: string) => ({ physicalId: arn, attributes: { ListenerArn: arn } })

const settings = (properties: Properties): Properties => ({
  ...typed(properties, { Protocol: 'text', Port: 'number', SslPolicy: 'text' }),
  ...(properties.Certificates && { Certificates: properties.Certificates }),
  ...(properties.AlpnPolicy && { AlpnPolicy: properties.AlpnPolicy }),
  DefaultActions: actionsOf(properties.DefaultActions),
})

const describe = (arn: string, rc: ReadContext) =>
  rc.call('elasticloadbalancing', 'DescribeListeners', { ListenerArns: [arn] })

const found = (arn: string, rc: ReadContext) => unlessAbsent(describe(arn, rc), 'ListenerNotFoundException')

async function setAttributes(arn: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const Attributes = attributesOf(properties.ListenerAttributes)
  if (Attributes.length)
    await rc.call('elasticloadbalancing', 'ModifyListenerAttributes', { ListenerArn: arn, Attributes })
}

export const listener = resourceType({
  type: 'AWS::ElasticLoadBalancingV2::Listener',
  create: async (properties, rc) => {
    const Tags = tagList(resourceTags(properties, rc))
    const { Listeners = [] } = await rc.call('elasticloadbalancing', 'CreateListener', {
      LoadBalancerArn: properties.LoadBalancerArn,
      ...(settings(properties) as { DefaultActions: never }),
      ...(Tags.length && { Tags }),
    })
    const arn = Listeners[0]?.ListenerArn ?? ''
    rc.made(arn)
    await setAttributes(arn, properties, rc)
    await describe(arn, rc)
    return outcome(arn)
  },
  update: async (arn, properties, previous, rc) => {
    await describe(arn, rc)
    if (!same(settings(properties), settings(previous)))
      await rc.call('elasticloadbalancing', 'ModifyListener', { ListenerArn: arn, ...settings(properties) })
    if (!same(properties.ListenerAttributes, previous.ListenerAttributes))
      await setAttributes(arn, properties, rc)
    await retag(arn, properties, previous, rc)
    return outcome(arn)
  },
  read: async (arn, rc) => (await found(arn, rc)) && outcome(arn),
  delete: async (arn, _properties, rc) => {
    if (await found(arn, rc)) await rc.call('elasticloadbalancing', 'DeleteListener', { ListenerArn: arn })
  },
})
