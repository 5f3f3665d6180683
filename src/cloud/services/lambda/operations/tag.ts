/** Tags of functions. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { invalidValue } from '../engine/configuration.ts'
import { findFunction, onFunction, reference } from '../engine/find.ts'
import { functions } from '../state.ts'

/** Tags belong to the function, so its ARN must come without a qualifier. */
function unqualified(ref: ReturnType<typeof reference>): ReturnType<typeof reference> {
  if (ref.qualifier === undefined) return ref
  throw new AwsError(
    'InvalidParameterValueException',
    'Tags on function aliases and versions are not supported. Please specify a function ARN.',
  )
}

export const TagResource = operation({
  service: 'lambda',
  name: 'TagResource',
  access: ({ Resource }, ctx) => [onFunction(ctx, 'TagResource', unqualified(reference(ctx, Resource)))],
  run: ({ Resource, Tags }, ctx) => {
    const stored = findFunction(ctx, reference(ctx, Resource))
    const problem = tagsProblem(stored.tags, Tags)
    if (problem) throw invalidValue(problem)
    ctx.table(functions).put(stored.name, { ...stored, tags: { ...stored.tags, ...Tags } })
    return {}
  },
})

export const UntagResource = operation({
  service: 'lambda',
  name: 'UntagResource',
  access: ({ Resource }, ctx) => [onFunction(ctx, 'UntagResource', unqualified(reference(ctx, Resource)))],
  run: ({ Resource, TagKeys }, ctx) => {
    const stored = findFunction(ctx, reference(ctx, Resource))
    ctx.table(functions).put(stored.name, { ...stored, tags: withoutTags(stored.tags, TagKeys) })
    return {}
  },
})

export const ListTags = operation({
  service: 'lambda',
  name: 'ListTags',
  access: ({ Resource }, ctx) => [onFunction(ctx, 'ListTags', unqualified(reference(ctx, Resource)))],
  run: ({ Resource }, ctx) => ({ Tags: { ...findFunction(ctx, reference(ctx, Resource)).tags } }),
})
