/** AWS::SNS::Topic. */
import { type Properties, type ResourceContext, resourceType } from '../../../resource-type.ts'
import { refuseOtherProperties } from '../../../supported-properties.ts'
import { tagList, tagMap } from '../../../tags.ts'

const TYPE = 'AWS::SNS::Topic'
const SUPPORTED = ['TopicName', 'DisplayName', 'KmsMasterKeyId', 'Subscription', 'Tags']

const attributes = ({ DisplayName, KmsMasterKeyId }: Properties): Record<string, string> => ({
  ...(DisplayName === undefined ? {} : { DisplayName: String(DisplayName) }),
  ...(KmsMasterKeyId === undefined ? {} : { KmsMasterKeyId: String(KmsMasterKeyId) }),
})

const tagsOf = (properties: Properties, rc: ResourceContext) =>
  tagList({ ...rc.stackTags, ...tagMap(properties.Tags) })

interface Inline {
  readonly Protocol: string
  readonly Endpoint: string
}

async function subscribe(rc: ResourceContext, TopicArn: string, wanted: readonly Inline[]): Promise<void> {
  for (const { Protocol, Endpoint } of wanted)
    await rc.call('sns', 'Subscribe', { TopicArn, Protocol, Endpoint })
}

const outcome = (arn: string) => ({
  physicalId: arn,
  attributes: { TopicArn: arn, TopicName: arn.slice(arn.lastIndexOf(':') + 1) },
})

export const topic = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    refuseOtherProperties(TYPE, properties, SUPPORTED)
    const Name = properties.TopicName ?? rc.generateName({ maxLength: 256 })
    const { TopicArn = '' } = await rc.call('sns', 'CreateTopic', {
      Name,
      Attributes: attributes(properties),
      Tags: tagsOf(properties, rc),
    })
    await subscribe(rc, TopicArn, properties.Subscription ?? [])
    return outcome(TopicArn)
  },
  update: async (physicalId, properties, previous, rc) => {
    refuseOtherProperties(TYPE, properties, SUPPORTED)
    const before = { DisplayName: '', KmsMasterKeyId: '', ...attributes(previous) } as Record<string, string>
    const after = { DisplayName: '', KmsMasterKeyId: '', ...attributes(properties) } as Record<string, string>
    for (const [AttributeName, AttributeValue] of Object.entries(after))
      if (before[AttributeName] !== AttributeValue)
        await rc.call('sns', 'SetTopicAttributes', { TopicArn: physicalId, AttributeName, AttributeValue })
    const known = (previous.Subscription ?? []) as Inline[]
    const added = ((properties.Subscription ?? []) as Inline[]).filter(
      (one) =>
        !known.some(({ Protocol, Endpoint }) => Protocol === one.Protocol && Endpoint === one.Endpoint),
    )
    await subscribe(rc, physicalId, added)
    const old = tagMap(previous.Tags)
    const gone = Object.keys(old).filter((key) => !(key in tagMap(properties.Tags)))
    if (gone.length) await rc.call('sns', 'UntagResource', { ResourceArn: physicalId, TagKeys: gone })
    if (properties.Tags)
      await rc.call('sns', 'TagResource', { ResourceArn: physicalId, Tags: tagsOf(properties, rc) })
    return outcome(physicalId)
  },
  delete: async (physicalId, _properties, rc) => {
    await rc.call('sns', 'DeleteTopic', { TopicArn: physicalId })
  },
})
