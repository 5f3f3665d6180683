/** AWS::Lambda::Version. */

import { resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing, untilVersionReady } from './function.ts'
import { provision } from './provision.ts'

const TYPE = 'AWS::Lambda::Version'

export const version = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const { FunctionName, CodeSha256, Description } = properties
    await rc.call('lambda', 'GetFunctionConfiguration', { FunctionName })
    const made = await rc.call('lambda', 'PublishVersion', { FunctionName, CodeSha256, Description })
    rc.made(made.FunctionArn!)
    await untilVersionReady(rc, FunctionName, made.Version!)
    if (properties.RuntimePolicy)
      await rc.call('lambda', 'PutRuntimeManagementConfig', {
        ...{ FunctionName, Qualifier: made.Version },
        ...properties.RuntimePolicy,
      })
    await provision(rc, FunctionName, made.Version!, properties)
    // AWS: what was made is read back: looked for among all versions, then by itself.
    await rc.call('lambda', 'ListVersionsByFunction', { FunctionName })
    return {
      physicalId: made.FunctionArn!,
      attributes: { Version: made.Version, FunctionArn: made.FunctionArn },
    }
  },
  delete: async (arn, { FunctionName }, rc) => {
    const Qualifier = arn.slice(arn.lastIndexOf(':') + 1)
    try {
      await rc.call('lambda', 'GetFunctionConfiguration', { FunctionName, Qualifier })
      await rc.call('lambda', 'DeleteFunction', { FunctionName, Qualifier })
    } catch (error) {
      ignoreMissing(error)
    }
  },
})
