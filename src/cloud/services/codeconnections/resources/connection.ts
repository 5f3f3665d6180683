/** AWS::CodeStarConnections::Connection and AWS::CodeConnections::Connection. */
import { type ResourceContext, type ResourceType, resourceType } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

const connection = (type: string, service: 'codeconnections' | 'codestar-connections'): ResourceType =>
  resourceType({
    type,
    create: async (properties, rc) => {
      const { ConnectionArn } = await rc.call(service, 'CreateConnection', {
        ConnectionName: properties.ConnectionName,
        ProviderType: properties.ProviderType,
        HostArn: properties.HostArn,
        Tags: tagList(resourceTags(properties, rc)),
      })
      return outcome(service, ConnectionArn!, rc)
    },
    update: async (physicalId, properties, previous, rc) => {
      await rc.call(service, 'ListTagsForResource', { ResourceArn: physicalId })
      const { gone, changed } = tagChange(properties, previous, rc)
      if (gone.length) await rc.call(service, 'UntagResource', { ResourceArn: physicalId, TagKeys: gone })
      if (hasTags(changed))
        await rc.call(service, 'TagResource', { ResourceArn: physicalId, Tags: tagList(changed) })
      return outcome(service, physicalId, rc)
    },
    delete: async (physicalId, _properties, rc) => {
      await rc.call(service, 'DeleteConnection', { ConnectionArn: physicalId }).catch((error) => {
        if (error.code !== 'ResourceNotFoundException') throw error
      })
    },
  })

async function outcome(
  service: 'codeconnections' | 'codestar-connections',
  arn: string,
  rc: ResourceContext,
) {
  const { Connection: found } = await rc.call(service, 'GetConnection', { ConnectionArn: arn })
  return {
    physicalId: arn,
    attributes: {
      ConnectionArn: arn,
      ConnectionStatus: found?.ConnectionStatus,
      OwnerAccountId: rc.account,
    },
  }
}

export const codeStarConnection = connection('AWS::CodeStarConnections::Connection', 'codestar-connections')
export const codeConnection = connection('AWS::CodeConnections::Connection', 'codeconnections')
