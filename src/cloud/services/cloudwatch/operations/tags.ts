/** Tags of alarms. */
import { type Arn, AwsError, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import { invalidValue } from '../engine/refuse.ts'
import { alarmKind } from '../kinds.ts'

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly ResourceARN: Arn }>(
  {
    service: 'cloudwatch',
    members: ['Tags', 'TagKeys'],
    form: tagPairs('Key', 'Value'),
    resource: ({ ResourceARN: arn }) => {
      const { service, resource = '' } = parseArn(arn) ?? {}
      if (service !== 'cloudwatch' || !resource.startsWith('alarm:'))
        throw invalidValue(`Invalid ResourceARN ${arn}; the embedded cloud has alarms`)
      return alarmKind.tagged(resource.slice('alarm:'.length), {
        absent: () => new AwsError('ResourceNotFoundException', `${arn} was not found`, { status: 404 }),
      })
    },
  },
)
