/** Tags of resources in stacks. */
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'
import { hasTags, tagChange } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'

/** Brings a resource to the tags that it is to have. */
export async function retag(
  arn: string,
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const { gone, changed } = tagChange(properties, previous, rc)
  if (gone.length) await rc.call('elasticloadbalancing', 'RemoveTags', { ResourceArns: [arn], TagKeys: gone })
  if (hasTags(changed))
    await rc.call('elasticloadbalancing', 'AddTags', { ResourceArns: [arn], Tags: tagList(changed) })
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
