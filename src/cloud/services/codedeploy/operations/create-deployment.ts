/** CreateDeployment. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkAlarmConfiguration, checkRollback } from '../engine/check-group.ts'
import { newDeploymentId } from '../engine/deployment-id.ts'
import { configurationFor } from '../engine/find-configuration.ts'
import { pendingEvents } from '../engine/lifecycle.ts'
import { registerRevision } from '../engine/register-revision.ts'
import { checkedLocation } from '../engine/revision-location.ts'
import { wake } from '../engine/wake.ts'
import { applicationKind, configurationKind, groupKind } from '../kinds.ts'
import {
  type Deployment,
  deployments,
  deploymentsOf,
  type Group,
  isOver,
  type RevisionLocation,
} from '../state.ts'

/**
 * AWS: whoever deploys must be allowed to look at the configuration and to register the revision too ("Service role
 * permissions" of both CodeDeploy actions of CodePipeline). A group has one deployment at a time.
 */
export const CreateDeployment = operation({
  service: 'codedeploy',
  name: 'CreateDeployment',
  access: ({ applicationName: application, deploymentGroupName: name = '', deploymentConfigName }, ctx) => {
    const configuration =
      deploymentConfigName ?? groupKind.lookUp(ctx, { application, name })?.configuration ?? '*'
    return [
      groupKind.on(ctx, 'CreateDeployment', { application, name }),
      configurationKind.on(ctx, 'GetDeploymentConfig', configuration),
      applicationKind.on(ctx, 'GetApplicationRevision', application),
      applicationKind.on(ctx, 'RegisterApplicationRevision', application),
    ]
  },
  run: (input, ctx) => {
    const { applicationName: application, deploymentGroupName: name } = input
    const { platform } = applicationKind.find(ctx, application)
    if (!name)
      throw new AwsError(
        'DeploymentGroupNameRequiredException',
        'The deployment group name must be specified',
      )
    const group = groupKind.find(ctx, { application, name })
    refuseUnsupported(input, ['targetInstances'])
    checkForInstances(input)
    checkAlarmConfiguration(input.overrideAlarmConfiguration)
    checkRollback(input.autoRollbackConfiguration)
    const configuration = configurationFor(ctx, input.deploymentConfigName ?? group.configuration, platform)
    const revision = checkedLocation(input.revision as RevisionLocation | undefined, platform)
    refuseSecond(ctx, group)
    const id = newDeploymentId(ctx)
    const deployment: Deployment = {
      id,
      application,
      group: name,
      groupId: group.id,
      platform,
      configuration: configuration.name,
      routing: configuration.routing,
      revision,
      previous:
        group.succeeded === undefined ? undefined : ctx.table(deployments).get(group.succeeded)?.revision,
      description: input.description,
      creator: 'user',
      roleArn: group.roleArn,
      settings: group.settings,
      rollback: input.autoRollbackConfiguration ?? group.settings.autoRollbackConfiguration,
      alarms: input.overrideAlarmConfiguration ?? group.settings.alarmConfiguration,
      overridesAlarms: input.overrideAlarmConfiguration,
      status: 'Created',
      created: ctx.cloud.clock.now(),
      events: pendingEvents(platform, group.settings),
      weight: 0,
      cause: ctx.cause,
    }
    registerRevision(ctx, application, revision, { group: name })
    ctx.table(deployments).put(id, deployment)
    groupKind.change(ctx, { application, name }, { attempted: id })
    wake(ctx, id)
    return { deploymentId: id }
  },
})

interface ForInstances {
  readonly updateOutdatedInstancesOnly?: boolean
  readonly ignoreApplicationStopFailures?: boolean
  readonly fileExistsBehavior?: string
}

/** AWS: "For Lambda deployments, false is expected." */
function checkForInstances(input: ForInstances): void {
  for (const [member, code] of [
    ['updateOutdatedInstancesOnly', 'InvalidUpdateOutdatedInstancesOnlyValueException'],
    ['ignoreApplicationStopFailures', 'InvalidIgnoreApplicationStopFailuresValueException'],
  ] as const)
    if (input[member]) throw new AwsError(code, `${member} must be false where no instances are deployed to`)
  refuseUnsupported(
    { fileExistsBehavior: input.fileExistsBehavior === 'DISALLOW' ? undefined : input.fileExistsBehavior },
    ['fileExistsBehavior'],
  )
}

/** AWS: a deployment of a group that has an active one is refused. */
function refuseSecond(ctx: Context, { application, name }: Group): void {
  const active = ctx
    .table(deployments)
    .where(deploymentsOf, `${application}/${name}`)
    .find((one) => !isOver(one))
  if (active)
    throw new AwsError(
      'DeploymentLimitExceededException',
      `The Deployment Group '${name}' already has an active Deployment '${active.id}'`,
    )
}
