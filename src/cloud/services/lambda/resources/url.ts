/** AWS::Lambda::Url. */
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { ignoreMissing } from './function.ts'

const at = ({ TargetFunctionArn, Qualifier }: Properties) => ({
  FunctionName: TargetFunctionArn as string,
  Qualifier: Qualifier as string | undefined,
})

const settings = ({ AuthType, Cors, InvokeMode }: Properties) => ({ AuthType, Cors, InvokeMode })

const outcome = ({ FunctionArn, FunctionUrl }: { FunctionArn?: string; FunctionUrl?: string }) => ({
  physicalId: FunctionArn!,
  attributes: { FunctionArn, FunctionUrl },
})

async function put(
  verb: 'Create' | 'Update',
  properties: Properties,
  rc: ResourceContext,
): Promise<ReturnType<typeof outcome>> {
  const input = { ...at(properties), ...settings(properties) }
  await rc.call('lambda', `${verb}FunctionUrlConfig`, input as never)
  return outcome(await rc.call('lambda', 'GetFunctionUrlConfig', at(properties)))
}

export const url = resourceType({
  type: 'AWS::Lambda::Url',
  create: (properties, rc) => put('Create', properties, rc),
  update: (_arn, properties, _previous, rc) =>
    // What is taken out of the template is taken off the URL.
    put('Update', { ...properties, Cors: properties.Cors ?? {} }, rc),
  delete: async (_arn, properties, rc) => {
    await rc.call('lambda', 'DeleteFunctionUrlConfig', at(properties)).catch(ignoreMissing)
  },
})
