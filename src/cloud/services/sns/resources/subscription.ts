/** AWS::SNS::Subscription. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

const TYPE = 'AWS::SNS::Subscription'

const attributes = ({
  RawMessageDelivery,
  FilterPolicy,
  FilterPolicyScope,
}: Properties): Record<string, string> => ({
  ...(RawMessageDelivery === undefined ? {} : { RawMessageDelivery: String(RawMessageDelivery) }),
  ...(FilterPolicyScope === undefined ? {} : { FilterPolicyScope }),
  ...(FilterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(FilterPolicy) }),
})

async function subscribe(properties: Properties, rc: ResourceContext): Promise<string> {
  const { SubscriptionArn = '' } = await rc.call('sns', 'Subscribe', {
    TopicArn: properties.TopicArn,
    Protocol: properties.Protocol,
    Endpoint: properties.Endpoint,
    Attributes: attributes(properties),
    ReturnSubscriptionArn: true,
  })
  return SubscriptionArn
}

export const subscription = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const arn = await subscribe(properties, rc)
    return { physicalId: arn, attributes: { Arn: arn } }
  },
  update: async (physicalId, properties, previous, rc) => {
    const before = attributes(previous)
    for (const [AttributeName, AttributeValue] of Object.entries(attributes(properties)))
      if (before[AttributeName] !== AttributeValue)
        await rc.call('sns', 'SetSubscriptionAttributes', {
          SubscriptionArn: physicalId,
          AttributeName,
          AttributeValue,
        })
    if (previous.FilterPolicy && !properties.FilterPolicy)
      await rc.call('sns', 'SetSubscriptionAttributes', {
        SubscriptionArn: physicalId,
        AttributeName: 'FilterPolicy',
        AttributeValue: '',
      })
    return { physicalId, attributes: { Arn: physicalId } }
  },
  delete: async (physicalId, _properties, rc) => {
    try {
      await rc.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn: physicalId })
      await rc.call('sns', 'Unsubscribe', { SubscriptionArn: physicalId })
    } catch (error) {
      if (!(error instanceof AwsError)) throw error
      // AWS: a subscription that was never confirmed cannot be ended; it lapses by itself.
      if (error.code !== 'NotFound' && !/pending confirmation/.test(error.message)) throw error
    }
  },
})
