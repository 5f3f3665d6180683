/** ecr:TagResource, UntagResource and ListTagsForResource. */
import { AwsError, parseArn } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { type Tags, tagList, tagMap, tagsProblem, withoutTags } from '../../../kernel/tags.ts'
import { changeRepository, findRepository, invalidAt, type Named, onRepository } from '../engine/find.ts'

/** Gives the tags together. Errors: InvalidTagParameterException, TooManyTagsException. */
export function checkTags(present: Tags, given: Tags): Tags {
  const problem = tagsProblem(present, given)
  if (problem)
    throw new AwsError(
      /at most 50/.test(problem) ? 'TooManyTagsException' : 'InvalidTagParameterException',
      problem,
    )
  return { ...present, ...given }
}

/** Reads a repository's ARN. Errors: InvalidParameterException. */
function named(arn: string): Named {
  const parts = parseArn(arn)
  const name = parts?.service === 'ecr' ? /^repository\/(.+)$/.exec(parts.resource)?.[1] : undefined
  if (!parts || name === undefined) throw invalidAt('resourceArn', 'Invalid ARN')
  return { registryId: parts.account, repositoryName: name }
}

/** Errors: RepositoryNotFoundException, InvalidTagParameterException, TooManyTagsException. */
export const TagResource = operation({
  service: 'ecr',
  name: 'TagResource',
  access: ({ resourceArn }, ctx) => [onRepository(ctx, 'TagResource', named(resourceArn))],
  run: ({ resourceArn, tags }, ctx) => {
    const repository = findRepository(ctx, named(resourceArn))
    changeRepository(ctx, repository, { tags: checkTags(repository.tags, tagMap(tags)) })
    return {}
  },
})

/** Errors: RepositoryNotFoundException. */
export const UntagResource = operation({
  service: 'ecr',
  name: 'UntagResource',
  access: ({ resourceArn }, ctx) => [onRepository(ctx, 'UntagResource', named(resourceArn))],
  run: ({ resourceArn, tagKeys }, ctx) => {
    const repository = findRepository(ctx, named(resourceArn))
    changeRepository(ctx, repository, { tags: withoutTags(repository.tags, tagKeys) })
    return {}
  },
})

/** Errors: RepositoryNotFoundException. */
export const ListTagsForResource = operation({
  service: 'ecr',
  name: 'ListTagsForResource',
  access: ({ resourceArn }, ctx) => [onRepository(ctx, 'ListTagsForResource', named(resourceArn))],
  run: ({ resourceArn }, ctx) => ({ tags: tagList(findRepository(ctx, named(resourceArn)).tags) }),
})
