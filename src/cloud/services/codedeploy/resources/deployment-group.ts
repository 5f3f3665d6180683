/** AWS::CodeDeploy::DeploymentGroup. */
import { type Properties, type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { userTags } from '../../../kernel/stack-tags.ts'
import { tagList } from '../../../kernel/tags.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { groupArn } from '../kinds.ts'
import { retag } from './application.ts'
import { asInput } from './input.ts'

const look = (applicationName: string, deploymentGroupName: string, rc: ReadContext) =>
  unlessAbsent(
    rc.call('codedeploy', 'GetDeploymentGroup', { applicationName, deploymentGroupName }),
    'DeploymentGroupDoesNotExistException',
  )

const settings = ({ Tags: _, DeploymentGroupName: __, ...rest }: Properties) => asInput(rest)

/** What an update takes back: a group keeps what no call names. */
const NOTHING = {
  triggerConfigurations: [],
  alarmConfiguration: { enabled: false, ignorePollAlarmFailure: false, alarms: [] },
  autoRollbackConfiguration: { enabled: false, events: [] },
}

export const deploymentGroup = resourceType({
  type: 'AWS::CodeDeploy::DeploymentGroup',
  create: async (properties, rc) => {
    const deploymentGroupName = properties.DeploymentGroupName ?? rc.generateName()
    await rc.call('codedeploy', 'CreateDeploymentGroup', {
      ...(settings(properties) as { applicationName: string; serviceRoleArn: string }),
      deploymentGroupName,
      tags: tagList(userTags(properties, rc)),
    })
    rc.made(deploymentGroupName)
    await look(properties.ApplicationName, deploymentGroupName, rc)
    return { physicalId: deploymentGroupName }
  },
  update: async (name, properties, _previous, rc) => {
    const { applicationName, ...rest } = settings(properties)
    await look(applicationName, name, rc)
    await rc.call('codedeploy', 'UpdateDeploymentGroup', {
      ...NOTHING,
      ...rest,
      applicationName,
      currentDeploymentGroupName: name,
    })
    await retag(groupArn(rc, { application: applicationName, name }), properties, rc)
    return { physicalId: name }
  },
  delete: async (deploymentGroupName, { ApplicationName: applicationName }, rc) => {
    if (await look(applicationName, deploymentGroupName, rc))
      await rc.call('codedeploy', 'DeleteDeploymentGroup', { applicationName, deploymentGroupName })
  },
})
