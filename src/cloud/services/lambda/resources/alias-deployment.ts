/** Moving an alias of a stack by CodeDeploy, where its update policy says so. */
import { AwsError } from '../../../../model/index.ts'
import type { Properties, ResourceContext } from '../../../kernel/resource-type.ts'

/** Milliseconds between looks at a deployment: soon at first, as some take no time. */
const PAUSES = { first: 100, longest: 5000 }

/** AWS: the policy counts when an update gives the alias another version, and never when it is made. */
export const movesByDeployment = (
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): boolean =>
  rc.updatePolicy?.CodeDeployLambdaAliasUpdate !== undefined &&
  properties.FunctionVersion !== previous.FunctionVersion

/**
 * Starts a deployment of the version and waits for its end. AWS: as the stack's role; the group is looked at first.
 * Errors: NotStabilized where the deployment does not succeed.
 */
export async function deployAlias(
  properties: Properties,
  previous: Properties,
  rc: ResourceContext,
): Promise<void> {
  const { ApplicationName: applicationName, DeploymentGroupName: deploymentGroupName } =
    rc.updatePolicy!.CodeDeployLambdaAliasUpdate
  const { deploymentGroupInfo } = await rc.call('codedeploy', 'GetDeploymentGroup', {
    applicationName,
    deploymentGroupName,
  })
  const { deploymentConfigName = '' } = deploymentGroupInfo ?? {}
  await rc.call('codedeploy', 'GetDeploymentConfig', { deploymentConfigName })
  const { deploymentId = '' } = await rc.call('codedeploy', 'CreateDeployment', {
    applicationName,
    deploymentGroupName,
    revision: {
      revisionType: 'AppSpecContent',
      appSpecContent: { content: appSpec(properties, previous, rc) },
    },
  })
  await ended(deploymentId, rc)
}

function appSpec(properties: Properties, previous: Properties, rc: ResourceContext): string {
  const { BeforeAllowTrafficHook, AfterAllowTrafficHook } = rc.updatePolicy!.CodeDeployLambdaAliasUpdate
  const Hooks = Object.entries({
    BeforeAllowTraffic: BeforeAllowTrafficHook,
    AfterAllowTraffic: AfterAllowTrafficHook,
  }).flatMap(([name, hook]) => (hook === undefined ? [] : [{ [name]: hook }]))
  return JSON.stringify({
    version: 0.0,
    Resources: [
      {
        [rc.logicalId]: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Name: nameOf(properties.FunctionName),
            Alias: properties.Name,
            CurrentVersion: previous.FunctionVersion,
            TargetVersion: properties.FunctionVersion,
          },
        },
      },
    ],
    ...(Hooks.length && { Hooks }),
  })
}

/** A function is named by its name, or by an ARN whose last part is the name. */
const nameOf = (named: string): string => named.replace(/^.*:function:/, '')

async function ended(deploymentId: string, rc: ResourceContext): Promise<void> {
  for (let pause = PAUSES.first; ; pause = Math.min(pause * 2, PAUSES.longest)) {
    const { deploymentInfo } = await rc.call('codedeploy', 'GetDeployment', { deploymentId })
    const { status = '', errorInformation } = deploymentInfo ?? {}
    if (status === 'Succeeded') return
    if (status === 'Failed' || status === 'Stopped')
      throw new AwsError(
        'NotStabilized',
        `The deployment ${deploymentId} of the alias ${status === 'Failed' ? 'failed' : 'was stopped'}: ${errorInformation?.message ?? ''}`,
      )
    await rc.clock.sleep(pause)
  }
}
