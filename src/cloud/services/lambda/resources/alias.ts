/** AWS::Lambda::Alias. */

import { type Properties, resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing } from './function.ts'

const TYPE = 'AWS::Lambda::Alias'

function input(properties: Properties) {
  const { FunctionName, FunctionVersion, Name, Description, RoutingConfig } = properties
  const weights: { FunctionVersion: string; FunctionWeight: number }[] =
    RoutingConfig?.AdditionalVersionWeights ?? []
  return {
    FunctionName,
    FunctionVersion,
    Name,
    Description,
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        weights.map((one) => [one.FunctionVersion, one.FunctionWeight]),
      ),
    },
  }
}

export const alias = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { AliasArn } = await rc.call('lambda', 'CreateAlias', input(properties))
    return { physicalId: AliasArn!, attributes: { AliasArn } }
  },
  update: async (physicalId, properties, _previous, rc) => {
    const { FunctionName, Name } = properties
    await rc.call('lambda', 'GetAlias', { FunctionName, Name })
    await rc.call('lambda', 'UpdateAlias', input(properties))
    return { physicalId, attributes: { AliasArn: physicalId } }
  },
  delete: async (_arn, { FunctionName, Name }, rc) => {
    try {
      await rc.call('lambda', 'GetAlias', { FunctionName, Name })
      await rc.call('lambda', 'DeleteAlias', { FunctionName, Name })
    } catch (error) {
      ignoreMissing(error)
    }
  },
})
