/** AWS::Events::EventBus. */

import { AwsError } from '../../../../model/index.ts'
import {
  type Properties,
  type ResourceContext,
  type ResourceOutcome,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { retag } from './retag.ts'

const TYPE = 'AWS::Events::EventBus'

const policyOf = ({ Policy }: Properties): string | undefined =>
  Policy === undefined || typeof Policy === 'string' ? Policy : JSON.stringify(Policy)

async function outcome(Name: string, Arn: string, rc: ResourceContext): Promise<ResourceOutcome> {
  const { Policy } = await rc.call('events', 'DescribeEventBus', { Name })
  return { physicalId: Name, attributes: { Arn, Name, Policy: Policy ?? '' } }
}

export const eventBus = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { Name, Description } = properties
    const Tags = tagList(resourceTags(properties, rc))
    const { EventBusArn = '' } = await rc.call('events', 'CreateEventBus', { Name, Description, Tags })
    try {
      const Policy = policyOf(properties)
      if (Policy !== undefined) await rc.call('events', 'PutPermission', { EventBusName: Name, Policy })
      await rc.call('events', 'ListTagsForResource', { ResourceARN: EventBusArn })
      return await outcome(Name, EventBusArn, rc)
    } catch (error) {
      await rc.call('events', 'DeleteEventBus', { Name }).catch(() => undefined)
      throw error
    }
  },
  update: async (Name, properties, previous, rc) => {
    await rc.call('events', 'DescribeEventBus', { Name })
    const { Arn = '' } = await rc.call('events', 'UpdateEventBus', {
      Name,
      Description: properties.Description,
    })
    const Policy = policyOf(properties)
    if (Policy !== undefined && Policy !== policyOf(previous))
      await rc.call('events', 'PutPermission', { EventBusName: Name, Policy })
    if (Policy === undefined && previous.Policy !== undefined)
      await rc.call('events', 'RemovePermission', { EventBusName: Name, RemoveAllPermissions: true })
    await retag(Arn, properties, previous, rc)
    return outcome(Name, Arn, rc)
  },
  read: async (Name, rc) => {
    const found = await unlessAbsent(
      rc.call('events', 'DescribeEventBus', { Name }),
      'ResourceNotFoundException',
    )
    return found && { physicalId: Name, attributes: { Arn: found.Arn, Name, Policy: found.Policy ?? '' } }
  },
  delete: async (Name, _properties, rc) => {
    try {
      await rc.call('events', 'DescribeEventBus', { Name })
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return
      throw error
    }
    await rc.call('events', 'DeleteEventBus', { Name })
  },
})
