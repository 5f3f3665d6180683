/** Tags of repositories. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagRecord } from '../../../kernel/tag-operations.ts'
import { repositoryKind } from '../kinds.ts'

/** Errors: InvalidResourceArnException. */
function named(arn: Arn): string {
  const parts = parseArn(arn)
  if (parts?.service === 'codecommit' && parts.resource) return parts.resource
  throw new AwsError('InvalidResourceArnException', `${arn} is not the ARN of a repository`)
}

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly resourceArn: Arn }>(
  {
    service: 'codecommit',
    members: ['tags', 'tagKeys'],
    form: tagRecord,
    resource: ({ resourceArn }) => repositoryKind.tagged(named(resourceArn)),
  },
)
