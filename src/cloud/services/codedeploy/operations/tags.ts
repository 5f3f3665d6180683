/** TagResource, UntagResource and ListTagsForResource. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { applicationKind, groupKind } from '../kinds.ts'

export const deployTags = tagPairs('Key', 'Value')

/** AWS: applications and groups have tags. Errors: InvalidArnException, ArnNotSupportedException. */
export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly ResourceArn: Arn }>(
  {
    service: 'codedeploy',
    members: ['Tags', 'TagKeys'],
    form: deployTags,
    resource: ({ ResourceArn: arn }) => {
      const parts = parseArn(arn)
      if (parts?.service !== 'codedeploy')
        throw new AwsError('InvalidArnException', 'The specified ARN is not in a valid format')
      const [type, name = ''] = parts.resource.split(':')
      if (type === 'application') return applicationKind.tagged(name)
      const [application = '', group = ''] = name.split('/')
      if (type === 'deploymentgroup') return groupKind.tagged({ application, name: group })
      throw new AwsError('ArnNotSupportedException', `The ARN ${arn} is not supported`)
    },
  },
)
