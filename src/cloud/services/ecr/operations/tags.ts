/** ecr:TagResource, UntagResource and ListTagsForResource. */
import { type Arn, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { invalidAt, type Named } from '../engine/find.ts'
import { repositoryKind } from '../kinds.ts'

export const repositoryTags = tagPairs('Key', 'Value')

/** Reads a repository's ARN. Errors: InvalidParameterException. */
function named(arn: Arn): Named {
  const parts = parseArn(arn)
  const name = parts?.service === 'ecr' ? /^repository\/(.+)$/.exec(parts.resource)?.[1] : undefined
  if (!parts || name === undefined) throw invalidAt('resourceArn', 'Invalid ARN')
  return { registryId: parts.account, repositoryName: name }
}

/** Errors: RepositoryNotFoundException, InvalidTagParameterException, TooManyTagsException. */
export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly resourceArn: Arn }>(
  {
    service: 'ecr',
    members: ['tags', 'tagKeys'],
    form: repositoryTags,
    resource: ({ resourceArn }) => repositoryKind.tagged(named(resourceArn)),
  },
)
