/** Tags of buses and rules. */
import { operation } from '../../../kernel/operation.ts'
import { tagList, tagMap, tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { findTagged, tagsInvalid } from '../engine/find.ts'

export const TagResource = operation({
  service: 'events',
  name: 'TagResource',
  access: (input, ctx) => [findTagged(ctx, input.ResourceARN).access('TagResource')],
  run: (input, ctx) => {
    const { tags, retag } = findTagged(ctx, input.ResourceARN)
    const given = tagMap(input.Tags)
    const problem = tagsProblem(tags, given)
    if (problem) throw tagsInvalid(problem)
    retag({ ...tags, ...given })
    return {}
  },
})

export const UntagResource = operation({
  service: 'events',
  name: 'UntagResource',
  access: (input, ctx) => [findTagged(ctx, input.ResourceARN).access('UntagResource')],
  run: (input, ctx) => {
    const { tags, retag } = findTagged(ctx, input.ResourceARN)
    retag(withoutTags(tags, input.TagKeys))
    return {}
  },
})

export const ListTagsForResource = operation({
  service: 'events',
  name: 'ListTagsForResource',
  access: (input, ctx) => [findTagged(ctx, input.ResourceARN).access('ListTagsForResource')],
  run: (input, ctx) => ({ Tags: tagList(findTagged(ctx, input.ResourceARN).tags) }),
})
