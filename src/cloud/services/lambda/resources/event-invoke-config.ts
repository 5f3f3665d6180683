/** AWS::Lambda::EventInvokeConfig. */

import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing } from './function.ts'

const TYPE = 'AWS::Lambda::EventInvokeConfig'

async function put(properties: Properties, rc: ResourceContext) {
  const { FunctionName, Qualifier } = properties
  await rc.call('lambda', 'PutFunctionEventInvokeConfig', properties as never)
  return { physicalId: `${FunctionName}|${Qualifier}` }
}

export const eventInvokeConfig = resourceType({
  type: TYPE,
  create: put,
  update: (_physicalId, properties, _previous, rc) => put(properties, rc),
  delete: async (_id, { FunctionName, Qualifier }, rc) => {
    await rc
      .call('lambda', 'DeleteFunctionEventInvokeConfig', { FunctionName, Qualifier })
      .catch(ignoreMissing)
  },
})
