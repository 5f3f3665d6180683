/** AWS::ElasticLoadBalancingV2::ListenerRule. */
import { type Properties, type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { retag, same } from './retag.ts'
import { actionsOf } from './typed.ts'

/** A rule of a stack is never the default one, which comes with the listener. */
const outcome = (arn: string) => ({ physicalId: arn, attributes: { RuleArn: arn, IsDefault: false } })

const settings = ({ Conditions, Actions }: Properties) => ({
  Conditions: Conditions as never,
  Actions: actionsOf(Actions),
})

const describe = (arn: string, rc: ReadContext) =>
  rc.call('elasticloadbalancing', 'DescribeRules', { RuleArns: [arn] })

const found = (arn: string, rc: ReadContext) => unlessAbsent(describe(arn, rc), 'RuleNotFoundException')

export const listenerRule = resourceType({
  type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  create: async (properties, rc) => {
    const Tags = tagList(resourceTags(properties, rc))
    const { Rules = [] } = await rc.call('elasticloadbalancing', 'CreateRule', {
      ListenerArn: properties.ListenerArn,
      Priority: Number(properties.Priority),
      ...settings(properties),
      ...(Tags.length && { Tags }),
    })
    const arn = Rules[0]?.RuleArn ?? ''
    rc.made(arn)
    await describe(arn, rc)
    return outcome(arn)
  },
  update: async (arn, properties, previous, rc) => {
    await describe(arn, rc)
    if (!same(settings(properties), settings(previous)))
      await rc.call('elasticloadbalancing', 'ModifyRule', { RuleArn: arn, ...settings(properties) })
    if (Number(properties.Priority) !== Number(previous.Priority))
      await rc.call('elasticloadbalancing', 'SetRulePriorities', {
        RulePriorities: [{ RuleArn: arn, Priority: Number(properties.Priority) }],
      })
    await rc.call('elasticloadbalancing', 'DescribeTags', { ResourceArns: [arn] })
    await retag(arn, properties, previous, rc)
    return outcome(arn)
  },
  read: async (arn, rc) => (await found(arn, rc)) && outcome(arn),
  delete: async (arn, _properties, rc) => {
    if (await found(arn, rc)) await rc.call('elasticloadbalancing', 'DeleteRule', { RuleArn: arn })
  },
})
