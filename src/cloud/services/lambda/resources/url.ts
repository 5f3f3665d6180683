/** AWS::Lambda::Url, which the embedded cloud does not have: there is no public address to give out. */
import { AwsError } from '../../../../model/index.ts'
import { resourceType } from '../../../kernel/resource-type.ts'

export const url = resourceType({
  type: 'AWS::Lambda::Url',
  create: async () => {
    throw new AwsError('InvalidRequest', 'The embedded cloud does not support AWS::Lambda::Url.')
  },
  delete: async () => undefined,
})
