/** Tags of units and policies that CloudFormation makes. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { hasTags, resourceTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

/** Gives the resource's tags with the stack's, as a member of the request; nothing where there are none. */
export function withStackTags(
  properties: Properties,
  rc: ResourceContext,
): { Tags?: { Key: string; Value: string }[] } {
  const all = tagList(resourceTags(properties, rc))
  return all.length ? { Tags: all } : {}
}

/** Puts the tags that are new or changed, and takes away those that are gone. */
export async function updateTags(
  ResourceId: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('organizations', 'UntagResource', { ResourceId, TagKeys: gone })
  if (hasTags(changed)) await rc.call('organizations', 'TagResource', { ResourceId, Tags: tagList(changed) })
}
