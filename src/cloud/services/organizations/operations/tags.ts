/** Tags of the root, units, accounts and policies. */
import type { Context } from '../../../kernel/context.ts'
import { type Tags, tagList, withoutTags } from '../../../kernel/tags.ts'
import { onPolicy, onTarget } from '../engine/access.ts'
import { managementOperation } from '../engine/management-operation.ts'
import { page } from '../engine/page.ts'
import { isAwsManaged } from '../engine/policy-type.ts'
import { invalidInput, refusal } from '../engine/refusal.ts'
import { checkedTags } from '../engine/tag-check.ts'
import { type Tree, withChange } from '../engine/tree.ts'

interface Tagged {
  readonly tags: Tags
  put(tags: Tags): void
}

const isPolicyId = (id: string): boolean => id.startsWith('p-')

/** Asks for an action on whatever an id names. */
const onResource = (ctx: Context, action: string, id: string, context = {}) =>
  isPolicyId(id) ? onPolicy(ctx, action, id, context) : onTarget(ctx, action, id, context)

/** Errors: TargetNotFoundException, InvalidInputException for a policy of AWS. */
function taggedAt(tree: Tree, id: string): Tagged {
  if (!isPolicyId(id)) {
    const target = tree.target(id)
    if (!target) throw refusal('noTarget')
    return { tags: target.record.tags, put: (tags) => tree.save(withChange(target, { tags })) }
  }
  const policy = tree.policy(id)
  if (!policy) throw refusal('noTarget')
  if (isAwsManaged(policy))
    throw invalidInput('TARGET_NOT_SUPPORTED', "You can't perform the operation on this target.")
  return { tags: policy.tags, put: (tags) => tree.policies.put(id, { ...policy, tags }) }
}

const TagResource = managementOperation({
  name: 'TagResource',
  access: ({ ResourceId }, ctx) => [onResource(ctx, 'TagResource', ResourceId)],
  run: ({ ResourceId, Tags }, { tree }) => {
    const tagged = taggedAt(tree, ResourceId)
    tagged.put(checkedTags(tagged.tags, Tags))
    return {}
  },
})

const UntagResource = managementOperation({
  name: 'UntagResource',
  access: ({ ResourceId }, ctx) => [onResource(ctx, 'UntagResource', ResourceId)],
  run: ({ ResourceId, TagKeys }, { tree }) => {
    const tagged = taggedAt(tree, ResourceId)
    tagged.put(withoutTags(tagged.tags, TagKeys))
    return {}
  },
})

const ListTagsForResource = managementOperation({
  name: 'ListTagsForResource',
  access: ({ ResourceId }, ctx) => [onResource(ctx, 'ListTagsForResource', ResourceId)],
  run: (input, { tree }) => {
    const { items, NextToken } = page(tagList(taggedAt(tree, input.ResourceId).tags), input, input.ResourceId)
    return { Tags: items, NextToken }
  },
})

export const tagOperations = [TagResource, UntagResource, ListTagsForResource]
