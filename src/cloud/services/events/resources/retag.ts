/** Brings the tags of a bus or rule to what a template says. */
import type { Arn } from '../../../../model/index.ts'
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { hasTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

export async function retag(
  ResourceARN: Arn,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('events', 'UntagResource', { ResourceARN, TagKeys: gone })
  if (hasTags(changed)) await rc.call('events', 'TagResource', { ResourceARN, Tags: tagList(changed) })
}
