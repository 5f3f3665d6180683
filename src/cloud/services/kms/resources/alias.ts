/** AWS::KMS::Alias. */

import { AwsError } from '../../../../model/index.ts'
import { resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'

export const alias = resourceType({
  type: 'AWS::KMS::Alias',
  create: async ({ AliasName, TargetKeyId }, rc) => {
    await rc.call('kms', 'CreateAlias', { AliasName, TargetKeyId })
    return { physicalId: AliasName }
  },
  update: async (AliasName, { TargetKeyId }, _previous, rc) => {
    await rc.call('kms', 'UpdateAlias', { AliasName, TargetKeyId })
    return { physicalId: AliasName }
  },
  read: async (AliasName, rc) => {
    const found = await unlessAbsent(rc.call('kms', 'DescribeKey', { KeyId: AliasName }), 'NotFoundException')
    return found && { physicalId: AliasName }
  },
  delete: async (AliasName, _properties, rc) => {
    try {
      await rc.call('kms', 'DeleteAlias', { AliasName })
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'NotFoundException') throw error
    }
  },
})
