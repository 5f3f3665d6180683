/** AWS::SNS::Topic. */

import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

const TYPE = 'AWS::SNS::Topic'

/** Properties that are attributes of the same name, and what they are without a value. */
const ATTRIBUTES = { DisplayName: '', KmsMasterKeyId: '', SignatureVersion: '', TracingConfig: '' }

const attributes = (properties: Properties): Record<string, string> =>
  Object.fromEntries(
    Object.keys(ATTRIBUTES).flatMap((name) =>
      properties[name] === undefined ? [] : [[name, String(properties[name])]],
    ),
  )

interface Inline {
  readonly Protocol: string
  readonly Endpoint: string
}

async function subscribe(rc: ResourceContext, TopicArn: string, wanted: readonly Inline[]): Promise<void> {
  for (const { Protocol, Endpoint } of wanted)
    await rc.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint })
}

/** AWS: an update starts from what the topic is, its subscriptions and its tags. */
async function readBack(TopicArn: string, rc: ResourceContext): Promise<void> {
  await rc.call('sns', 'GetTopicAttributes', { TopicArn })
  await rc.call('sns', 'ListSubscriptionsByTopic', { TopicArn })
  await rc.call('sns', 'ListTagsForResource', { ResourceArn: TopicArn })
}

const outcome = (arn: string) => ({
  physicalId: arn,
  attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(':') + 1) },
})

export const topic = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const Name = properties.TopicName ?? rc.generateName()
    const { TopicArn = '' } = await rc.call('sns', 'CreateTopic', {
      Name,
      Attributes: attributes(properties),
      Tags: tagList(resourceTags(properties, rc)),
    })
    rc.made(TopicArn)
    await subscribe(rc, TopicArn, properties.Subscription ?? [])
    await rc.call('sns', 'GetTopicAttributes', { TopicArn })
    return outcome(TopicArn)
  },
  update: async (physicalId, properties, previous, rc) => {
    await readBack(physicalId, rc)
    const before: Record<string, string> = { ...ATTRIBUTES, ...attributes(previous) }
    const after: Record<string, string> = { ...ATTRIBUTES, ...attributes(properties) }
    for (const [AttributeName, AttributeValue] of Object.entries(after))
      if (before[AttributeName] !== AttributeValue)
        await rc.call('sns', 'SetTopicAttributes', { TopicArn: physicalId, AttributeName, AttributeValue })
    const known = (previous.Subscription ?? []) as Inline[]
    const added = ((properties.Subscription ?? []) as Inline[]).filter(
      (one) =>
        !known.some(({ Protocol, Endpoint }) => Protocol === one.Protocol && Endpoint === one.Endpoint),
    )
    await subscribe(rc, physicalId, added)
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('sns', 'UntagResource', { ResourceArn: physicalId, TagKeys: gone })
    if (hasTags(changed))
      await rc.call('sns', 'TagResource', { ResourceArn: physicalId, Tags: tagList(changed) })
    return outcome(physicalId)
  },
  read: async (TopicArn, rc) =>
    (await unlessAbsent(rc.call('sns', 'GetTopicAttributes', { TopicArn }), 'NotFound')) && outcome(TopicArn),
  delete: async (physicalId, _properties, rc) => {
    try {
      await rc.call('sns', 'GetTopicAttributes', { TopicArn: physicalId })
    } catch (error) {
      if (error instanceof AwsError && error.code === 'NotFound') return
      throw error
    }
    await rc.call('sns', 'DeleteTopic', { TopicArn: physicalId })
  },
})
