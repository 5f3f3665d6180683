/** AWS::CodeDeploy::Application. */
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { hasTags, tagDifference, userTags } from '../../../kernel/stack-tags.ts'
import { tagList, tagMap } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { applicationArn } from '../kinds.ts'

const look = (applicationName: string, rc: ReadContext) =>
  unlessAbsent(
    rc.call('codedeploy', 'GetApplication', { applicationName }),
    'ApplicationDoesNotExistException',
  )

/** Brings the tags of a resource to what a template wants. AWS: it has no tags of CloudFormation's own. */
export async function retag(ResourceArn: string, properties: Properties, rc: ResourceContext): Promise<void> {
  const { Tags: now = [] } = await rc.call('codedeploy', 'ListTagsForResource', { ResourceArn })
  const { gone, changed } = tagDifference(userTags(properties, rc), tagMap(now))
  if (gone.length) await rc.call('codedeploy', 'UntagResource', { ResourceArn, TagKeys: gone })
  if (hasTags(changed)) await rc.call('codedeploy', 'TagResource', { ResourceArn, Tags: tagList(changed) })
}

export const application = resourceType({
  type: 'AWS::CodeDeploy::Application',
  create: async (properties, rc) => {
    const applicationName = properties.ApplicationName ?? rc.generateName()
    await rc.call('codedeploy', 'CreateApplication', {
      applicationName,
      computePlatform: properties.ComputePlatform,
      tags: tagList(userTags(properties, rc)),
    })
    rc.made(applicationName)
    await look(applicationName, rc)
    return { physicalId: applicationName }
  },
  update: async (applicationName, properties, _previous, rc) => {
    await look(applicationName, rc)
    await retag(applicationArn(rc, applicationName), properties, rc)
    return { physicalId: applicationName }
  },
  read: async (applicationName, rc) =>
    (await look(applicationName, rc)) ? { physicalId: applicationName } : undefined,
  delete: async (applicationName, _properties, rc) => {
    if (await look(applicationName, rc)) await rc.call('codedeploy', 'DeleteApplication', { applicationName })
  },
})
