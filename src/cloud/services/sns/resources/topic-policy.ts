/** AWS::SNS::TopicPolicy. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

async function put(properties: Properties, rc: ResourceContext): Promise<void> {
  const AttributeValue = JSON.stringify(properties.PolicyDocument)
  for (const TopicArn of properties.Topics as string[])
    await rc.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue })
}

export const topicPolicy = resourceType({
  type: 'AWS::SNS::TopicPolicy',
  create: async (properties, rc) => {
    await put(properties, rc)
    return { physicalId: rc.generateName(), attributes: {} }
  },
  update: async (physicalId, properties, _previous, rc) => {
    await put(properties, rc)
    return { physicalId, attributes: {} }
  },
  // AWS: a topic always has a policy, so deleting this leaves the last one in place unless the topic goes as well.
  delete: async () => undefined,
})
