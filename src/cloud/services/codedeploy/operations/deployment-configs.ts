/** CreateDeploymentConfig, GetDeploymentConfig, ListDeploymentConfigs and DeleteDeploymentConfig. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { builtInConfiguration, builtInNames, PREFIX } from '../engine/built-in-configurations.ts'
import { findConfiguration } from '../engine/find-configuration.ts'
import { badToken, PAGE, platformFrom } from '../engine/refuse.ts'
import { configurationKind } from '../kinds.ts'
import { configurations, groups, type RoutingConfiguration } from '../state.ts'

const invalidRouting = (message: string): AwsError =>
  new AwsError('InvalidTrafficRoutingConfigurationException', message)

/** AWS: a share of 1 to 99 percent, an interval of minutes within two days ("CodeDeploy quotas": 2,880 minutes). */
function checkedRouting(given: RoutingConfiguration | undefined): RoutingConfiguration {
  const { type = 'AllAtOnce', timeBasedCanary, timeBasedLinear } = given ?? {}
  if (type === 'AllAtOnce') {
    if (timeBasedCanary || timeBasedLinear)
      throw invalidRouting('AllAtOnce takes no percentage and no interval')
    return { type }
  }
  const isCanary = type === 'TimeBasedCanary'
  if (isCanary ? timeBasedLinear : timeBasedCanary)
    throw invalidRouting(`${type} takes ${isCanary ? 'timeBasedCanary' : 'timeBasedLinear'} alone`)
  const percentage = isCanary ? timeBasedCanary?.canaryPercentage : timeBasedLinear?.linearPercentage
  const interval = isCanary ? timeBasedCanary?.canaryInterval : timeBasedLinear?.linearInterval
  if (!percentage || percentage < 1 || percentage > 99)
    throw invalidRouting('The percentage must be between 1 and 99')
  if (!interval || interval < 1 || interval > 2880)
    throw invalidRouting('The interval must be between 1 and 2880 minutes')
  return { type, timeBasedCanary, timeBasedLinear }
}

export const CreateDeploymentConfig = operation({
  service: 'codedeploy',
  name: 'CreateDeploymentConfig',
  access: ({ deploymentConfigName }, ctx) => [
    configurationKind.on(ctx, 'CreateDeploymentConfig', deploymentConfigName),
  ],
  run: (input, ctx) => {
    const { deploymentConfigName: name, computePlatform, trafficRoutingConfig } = input
    const platform = platformFrom(computePlatform)
    refuseUnsupported(input, ['minimumHealthyHosts', 'zonalConfig'])
    if (name.startsWith(PREFIX))
      throw new AwsError(
        'InvalidDeploymentConfigNameException',
        `Deployment configuration names that begin with ${PREFIX} are AWS's own`,
      )
    if (configurationKind.lookUp(ctx, name))
      throw new AwsError(
        'DeploymentConfigAlreadyExistsException',
        `Deployment Configuration already exists: ${name}`,
      )
    const id = ctx.cloud.ids.uuid()
    const routing = checkedRouting(trafficRoutingConfig)
    ctx.table(configurations).put(name, { name, id, platform, routing, created: ctx.cloud.clock.now() })
    return { deploymentConfigId: id }
  },
})

export const GetDeploymentConfig = operation({
  service: 'codedeploy',
  name: 'GetDeploymentConfig',
  access: ({ deploymentConfigName }, ctx) => [
    configurationKind.on(ctx, 'GetDeploymentConfig', deploymentConfigName),
  ],
  run: ({ deploymentConfigName }, ctx) => {
    const { name, id, platform, routing, created } = findConfiguration(ctx, deploymentConfigName)
    return {
      deploymentConfigInfo: {
        deploymentConfigId: id,
        deploymentConfigName: name,
        computePlatform: platform,
        trafficRoutingConfig: routing,
        createTime: new Date(created),
      },
    }
  },
})

/** AWS: those of AWS's are listed with the account's own. */
export const ListDeploymentConfigs = operation({
  service: 'codedeploy',
  name: 'ListDeploymentConfigs',
  access: (_, ctx) => [configurationKind.on(ctx, 'ListDeploymentConfigs', '*')],
  run: ({ nextToken: token }, ctx) => {
    const own = ctx
      .table(configurations)
      .values()
      .map(({ name }) => name)
    const all = [...builtInNames, ...own]
    const page = paginate(all, { token, limit: PAGE, query: '', error: badToken })
    return { deploymentConfigsList: page.items, nextToken: page.nextToken }
  },
})

/** AWS: one that a group names stays; one that is not there is no error. */
export const DeleteDeploymentConfig = operation({
  service: 'codedeploy',
  name: 'DeleteDeploymentConfig',
  access: ({ deploymentConfigName }, ctx) => [
    configurationKind.on(ctx, 'DeleteDeploymentConfig', deploymentConfigName),
  ],
  run: ({ deploymentConfigName: name }, ctx) => {
    if (builtInConfiguration(name))
      throw new AwsError(
        'InvalidOperationException',
        `The deployment configuration ${name} cannot be deleted`,
      )
    const user = ctx
      .table(groups)
      .values()
      .find(({ configuration }) => configuration === name)
    if (user)
      throw new AwsError(
        'DeploymentConfigInUseException',
        `The deployment configuration ${name} is in use by the deployment group ${user.name}`,
      )
    ctx.table(configurations).delete(name)
    return {}
  },
})
