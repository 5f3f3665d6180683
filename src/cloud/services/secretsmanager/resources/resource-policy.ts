/** AWS::SecretsManager::ResourcePolicy. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'

const TYPE = 'AWS::SecretsManager::ResourcePolicy'

async function put(properties: Properties, rc: ResourceContext) {
  const { SecretId, ResourcePolicy, BlockPublicPolicy } = properties
  const { ARN } = await rc.call('secretsmanager', 'PutResourcePolicy', {
    SecretId,
    BlockPublicPolicy,
    ResourcePolicy: typeof ResourcePolicy === 'string' ? ResourcePolicy : JSON.stringify(ResourcePolicy),
  })
  return { physicalId: ARN!, attributes: { Id: ARN } }
}

export const resourcePolicy = resourceType({
  type: TYPE,
  create: put,
  update: (_physicalId, properties, _previous, rc) => put(properties, rc),
  delete: async (_arn, { SecretId }, rc) => {
    await rc.call('secretsmanager', 'DeleteResourcePolicy', { SecretId }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error
    })
  },
})
