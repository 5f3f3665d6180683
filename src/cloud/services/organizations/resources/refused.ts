/** Resource types of Organizations that the embedded cloud refuses, so that no stack records them as if they worked. */
import { AwsError } from '../../../../model/index.ts'
import { type ResourceType, resourceType } from '../../../kernel/resource-type.ts'

const refused = (type: string, why: string): ResourceType =>
  resourceType({
    type,
    create: async () => {
      throw new AwsError('InvalidRequest', `The embedded cloud does not support ${type}: ${why}`)
    },
    delete: async () => undefined,
  })

export const refusedTypes: readonly ResourceType[] = [
  refused('AWS::Organizations::Account', 'its accounts are there from the start.'),
  refused('AWS::Organizations::Organization', 'its organization is there from the start.'),
  refused('AWS::Organizations::ResourcePolicy', 'it has no delegated administrators.'),
]
