/** AWS::Lambda::Alias. */

import { AwsError } from '../../../../model/index.ts'
import { type Properties, resourceType } from '../../../kernel/resource-type.ts'
import { deployAlias, movesByDeployment } from './alias-deployment.ts'
import { ignoreMissing } from './function.ts'
import { provision } from './provision.ts'

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

function ignoreUnprovisioned(error: unknown): void {
  if (error instanceof AwsError && error.code === 'ProvisionedConcurrencyConfigNotFoundException') return
  throw error
}

export const alias = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { AliasArn } = await rc.call('lambda', 'CreateAlias', input(properties))
    rc.made(AliasArn!)
    const { FunctionName, Name } = properties
    await provision(rc, FunctionName, Name, properties)
    await rc.call('lambda', 'GetAlias', { FunctionName, Name })
    return { physicalId: AliasArn!, attributes: { AliasArn } }
  },
  update: async (physicalId, properties, previous, rc) => {
    const { FunctionName, Name } = properties
    await rc.call('lambda', 'GetAlias', { FunctionName, Name })
    if (movesByDeployment(properties, previous, rc)) await deployAlias(properties, previous, rc)
    await rc.call('lambda', 'UpdateAlias', input(properties))
    const [wanted, had] = [properties, previous].map((one) => one.ProvisionedConcurrencyConfig)
    if (had && !wanted)
      await rc
        .call('lambda', 'DeleteProvisionedConcurrencyConfig', { FunctionName, Qualifier: Name })
        .catch(ignoreUnprovisioned)
    await provision(rc, FunctionName, Name, properties)
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
