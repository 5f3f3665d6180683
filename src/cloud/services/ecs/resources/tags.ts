/** Tags of clusters, services and task definitions that a stack keeps. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { hasTags, tagChange } from '../../../kernel/stack-tags.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { ecsTags } from '../operations/tags.ts'

/** What a resource is made with: nothing where it has no tags, so that nobody is asked who may tag. */
export const newTags = (tags: Tags) => (hasTags(tags) ? { tags: ecsTags.write(tags) } : {})

/** Brings the tags of a resource to what the template says. AWS: an update starts from the tags that it has. */
export async function retag(
  resourceArn: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  await rc.call('ecs', 'ListTagsForResource', { resourceArn })
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('ecs', 'UntagResource', { resourceArn, tagKeys: gone })
  if (hasTags(changed)) await rc.call('ecs', 'TagResource', { resourceArn, tags: ecsTags.write(changed) })
}
