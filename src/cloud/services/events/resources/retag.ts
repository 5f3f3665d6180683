/** Brings the tags of a bus or rule to what a template says. */
import type { Arn } from '../../../../model/index.ts'
import type { Properties, ResourceContext } from '../../../resource-type.ts'
import { type Tags, tagList, tagMap } from '../../../tags.ts'

/** The resource's own tags over the stack's. AWS: EventBridge takes no `aws:` tags from callers but CloudFormation. */
export const tagsOf = ({ Tags: own }: Properties, { stackTags }: ResourceContext): Tags => ({
  ...stackTags,
  ...tagMap(own),
})

export async function retag(
  ResourceARN: Arn,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const wanted = tagsOf(properties, rc)
  const TagKeys = Object.keys(tagMap(previous.Tags)).filter((key) => !(key in wanted))
  if (TagKeys.length) await rc.call('events', 'UntagResource', { ResourceARN, TagKeys })
  if (JSON.stringify(properties.Tags ?? []) !== JSON.stringify(previous.Tags ?? []))
    await rc.call('events', 'TagResource', { ResourceARN, Tags: tagList(wanted) })
}
