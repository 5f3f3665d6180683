/** AWS::Logs::ResourcePolicy. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

const TYPE = 'AWS::Logs::ResourcePolicy'

/** AWS: the handler looks at the account's policies before it puts one, which takes logs:DescribeResourcePolicies. */
async function policies(rc: ResourceContext): Promise<(string | undefined)[]> {
  const { resourcePolicies = [] } = await rc.call('logs', 'DescribeResourcePolicies', {})
  return resourcePolicies.map(({ policyName }) => policyName)
}

async function put(
  { PolicyName: policyName, PolicyDocument: policyDocument }: Properties,
  rc: ResourceContext,
) {
  await rc.call('logs', 'PutResourcePolicy', { policyName, policyDocument })
  return { physicalId: String(policyName) }
}

export const resourcePolicy = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    if ((await policies(rc)).includes(properties.PolicyName))
      throw new AwsError('AlreadyExists', `Resource of type '${TYPE}' already exists.`)
    return put(properties, rc)
  },
  update: async (_name, properties, _previous, rc) => {
    await policies(rc)
    return put(properties, rc)
  },
  delete: async (policyName, _properties, rc) => {
    await rc.call('logs', 'DeleteResourcePolicy', { policyName }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
