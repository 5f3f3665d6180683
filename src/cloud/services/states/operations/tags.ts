/** TagResource, UntagResource and ListTagsForResource. */
import { type Arn, AwsError } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { machineKind } from '../kinds.ts'

export const stateTags = tagPairs('key', 'value')

const absent = ({ arn }: { readonly arn: Arn }): AwsError =>
  new AwsError('ResourceNotFound', `Resource not found: '${arn}'`)

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly resourceArn: Arn }>(
  {
    service: 'states',
    members: ['tags', 'tagKeys'],
    form: stateTags,
    resource: ({ resourceArn }) => machineKind.tagged(resourceArn, { absent }),
  },
)
