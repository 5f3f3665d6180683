/** AWS::CodeStarNotifications::NotificationRule. */
import { type Properties, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

/** AWS: EventTypeId and TargetAddress bring one more each. */
function settings({ EventTypeIds, EventTypeId, Targets, TargetAddress, ...properties }: Properties) {
  const { Name, DetailType, Status } = properties
  return {
    Name,
    DetailType,
    Status,
    EventTypeIds: [...EventTypeIds, ...(EventTypeId === undefined ? [] : [EventTypeId])],
    Targets: [...Targets, ...(TargetAddress === undefined ? [] : [{ TargetType: 'SNS', TargetAddress }])].map(
      ({ TargetType, TargetAddress: address }) => ({ TargetType, TargetAddress: address }),
    ),
  }
}

const outcome = (arn: string) => ({ physicalId: arn, attributes: { Arn: arn } })

export const notificationRule = resourceType({
  type: 'AWS::CodeStarNotifications::NotificationRule',
  create: async (properties, rc) => {
    const { Arn: arn = '' } = await rc.call('codestar-notifications', 'CreateNotificationRule', {
      ...settings(properties),
      Resource: properties.Resource,
      Tags: resourceTags(properties, rc),
    })
    rc.made(arn)
    return outcome(arn)
  },
  update: async (arn, properties, previous, rc) => {
    await rc.call('codestar-notifications', 'UpdateNotificationRule', { Arn: arn, ...settings(properties) })
    const { gone, changed } = tagChange(properties, previous, rc)
    if (gone.length) await rc.call('codestar-notifications', 'UntagResource', { Arn: arn, TagKeys: gone })
    if (hasTags(changed)) await rc.call('codestar-notifications', 'TagResource', { Arn: arn, Tags: changed })
    return outcome(arn)
  },
  delete: async (arn, _properties, rc) => {
    const found = await unlessAbsent(
      rc.call('codestar-notifications', 'DescribeNotificationRule', { Arn: arn }),
      'ResourceNotFoundException',
    )
    if (found) await rc.call('codestar-notifications', 'DeleteNotificationRule', { Arn: arn })
  },
})
