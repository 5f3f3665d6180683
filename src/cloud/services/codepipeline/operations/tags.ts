/** TagResource, UntagResource and ListTagsForResource. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { invalidNextToken } from '../engine/find.ts'
import { kindOf } from '../kinds.ts'

interface TagInput {
  readonly resourceArn: Arn
  readonly nextToken?: string
  readonly maxResults?: number
}

export const pipelineTags = tagPairs('key', 'value')

const notFound = ({ arn }: { readonly arn: Arn }): AwsError =>
  new AwsError('ResourceNotFoundException', `The resource with the ARN ${arn} was not found`)

/** Errors: ResourceNotFoundException, also for an ARN of another account or region. */
export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<TagInput>({
  service: 'codepipeline',
  members: ['tags', 'tagKeys'],
  form: pipelineTags,
  resource: ({ resourceArn }) => kindOf(resourceArn).tagged(resourceArn, { absent: notFound }),
  listed: (all, { resourceArn: query, nextToken: token, maxResults: limit = 100 }) => {
    const page = paginate(all as object[], { token, limit, query, error: invalidNextToken })
    return { tags: page.items, nextToken: page.nextToken }
  },
})
