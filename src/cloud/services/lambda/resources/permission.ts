/** AWS::Lambda::Permission. */

import { resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing } from './function.ts'

const TYPE = 'AWS::Lambda::Permission'

export const permission = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const StatementId = rc.generateName()
    await rc.call('lambda', 'AddPermission', { ...properties, StatementId } as never)
    rc.made(StatementId)
    await rc.call('lambda', 'GetPolicy', { FunctionName: properties.FunctionName })
    return { physicalId: StatementId, attributes: { Id: StatementId } }
  },
  delete: async (StatementId, { FunctionName }, rc) => {
    await rc.call('lambda', 'RemovePermission', { FunctionName, StatementId }).catch(ignoreMissing)
  },
})
