/** AWS::CodeDeploy::DeploymentConfig: whatever changes of it makes another. */
import { type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { asInput } from './input.ts'

const look = (deploymentConfigName: string, rc: ReadContext) =>
  unlessAbsent(
    rc.call('codedeploy', 'GetDeploymentConfig', { deploymentConfigName }),
    'DeploymentConfigDoesNotExistException',
  )

export const deploymentConfig = resourceType({
  type: 'AWS::CodeDeploy::DeploymentConfig',
  create: async (properties, rc) => {
    const { DeploymentConfigName: deploymentConfigName = rc.generateName(), ...rest } = properties
    await rc.call('codedeploy', 'CreateDeploymentConfig', { ...asInput(rest), deploymentConfigName })
    return { physicalId: deploymentConfigName }
  },
  read: async (name, rc) => ((await look(name, rc)) ? { physicalId: name } : undefined),
  delete: async (deploymentConfigName, _properties, rc) => {
    if (await look(deploymentConfigName, rc))
      await rc.call('codedeploy', 'DeleteDeploymentConfig', { deploymentConfigName })
  },
})
