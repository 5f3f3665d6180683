/** Tags of parameters. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { tagList, tagMap, tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { lookUp, onParameter } from '../engine/find.ts'
import { type Parameter, parameters } from '../state.ts'

/** Errors: InvalidResourceType for anything but parameters, InvalidResourceId. */
function tagged(
  ctx: Context,
  { ResourceType, ResourceId }: { ResourceType: string; ResourceId: string },
): Parameter {
  if (ResourceType !== 'Parameter')
    throw new AwsError(
      'InvalidResourceType',
      `The embedded cloud has no tags for resources of type ${ResourceType}.`,
    )
  const found = lookUp(ctx, ResourceId)
  if (found) return found
  throw new AwsError(
    'InvalidResourceId',
    `The resource ID "${ResourceId}" is not valid. Verify the ID and try again.`,
  )
}

export const AddTagsToResource = operation({
  service: 'ssm',
  name: 'AddTagsToResource',
  access: ({ ResourceId }, ctx) => [onParameter(ctx, 'AddTagsToResource', ResourceId)],
  run: (input, ctx) => {
    const parameter = tagged(ctx, input)
    const problem = tagsProblem(parameter.tags, tagMap(input.Tags))
    if (problem) throw new AwsError('ValidationException', problem)
    ctx
      .table(parameters)
      .put(parameter.name, { ...parameter, tags: { ...parameter.tags, ...tagMap(input.Tags) } })
    return {}
  },
})

export const RemoveTagsFromResource = operation({
  service: 'ssm',
  name: 'RemoveTagsFromResource',
  access: ({ ResourceId }, ctx) => [onParameter(ctx, 'RemoveTagsFromResource', ResourceId)],
  run: (input, ctx) => {
    const parameter = tagged(ctx, input)
    ctx
      .table(parameters)
      .put(parameter.name, { ...parameter, tags: withoutTags(parameter.tags, input.TagKeys) })
    return {}
  },
})

export const ListTagsForResource = operation({
  service: 'ssm',
  name: 'ListTagsForResource',
  access: ({ ResourceId }, ctx) => [onParameter(ctx, 'ListTagsForResource', ResourceId)],
  run: (input, ctx) => ({ TagList: tagList(tagged(ctx, input).tags) }),
})
