/** Tags of units and policies that CloudFormation makes. */
import type { Properties, ResourceContext } from '../../../resource-type.ts'
import { tagList, tagMap } from '../../../tags.ts'

/** Gives the resource's tags with the stack's, as a member of the request; nothing where there are none. */
export function withStackTags(
  { Tags }: Properties,
  rc: ResourceContext,
): { Tags?: { Key: string; Value: string }[] } {
  const all = tagList({ ...rc.stackTags, ...tagMap(Tags) })
  return all.length ? { Tags: all } : {}
}

/** Puts the tags that are new or changed, and takes away those that are gone. */
export async function updateTags(
  ResourceId: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const [now, before] = [tagMap(properties.Tags), tagMap(previous.Tags)]
  const TagKeys = Object.keys(before).filter((key) => !(key in now))
  const changed = tagList(now).filter(({ Key, Value }) => before[Key] !== Value)
  if (TagKeys.length) await rc.call('organizations', 'UntagResource', { ResourceId, TagKeys })
  if (changed.length) await rc.call('organizations', 'TagResource', { ResourceId, Tags: changed })
}
