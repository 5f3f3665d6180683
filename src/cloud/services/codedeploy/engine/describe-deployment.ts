/** Deployments and their targets as answers tell them. */

import { formatArn } from '../../../../model/index.ts'
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Deployment, DeploymentInfo } from '../state.ts'
import { serviceNow } from './ecs-platform.ts'
import { DeploymentFailure } from './failure.ts'
import { runOf } from './run.ts'

type Target = NonNullable<Output<'codedeploy', 'GetDeploymentTarget'>['deploymentTarget']>
type TargetStatus = NonNullable<NonNullable<Target['lambdaTarget']>['status']>

const dateOf = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at))

/** AWS: a function and a service are one target, which has succeeded before the original task set is removed. */
function targetStatus({ status, started, terminateAt }: Deployment): TargetStatus {
  if (status === 'Succeeded' || (status === 'InProgress' && terminateAt !== undefined)) return 'Succeeded'
  if (status === 'Failed' || status === 'Stopped') return started === undefined ? 'Skipped' : 'Failed'
  if (status === 'Ready') return 'Ready'
  return status === 'InProgress' ? 'InProgress' : 'Pending'
}

/** Gives how many targets are in which state. */
export function overviewOf(deployment: Deployment) {
  const status = targetStatus(deployment)
  const count = (one: TargetStatus) => (one === status ? 1 : 0)
  return {
    Pending: count('Pending'),
    InProgress: count('InProgress'),
    Succeeded: count('Succeeded'),
    Failed: count('Failed'),
    Skipped: count('Skipped'),
    Ready: count('Ready'),
  }
}

export function describeDeployment(deployment: Deployment): DeploymentInfo {
  const { settings, error, takesBack, rollbackDeployment, rollbackMessage } = deployment
  return {
    applicationName: deployment.application,
    deploymentGroupName: deployment.group,
    deploymentConfigName: deployment.configuration,
    deploymentId: deployment.id,
    previousRevision: deployment.previous,
    revision: deployment.revision,
    status: deployment.status,
    errorInformation: error,
    createTime: dateOf(deployment.created),
    startTime: dateOf(deployment.started),
    completeTime: dateOf(deployment.completed),
    deploymentOverview: overviewOf(deployment),
    description: deployment.description,
    creator: deployment.creator,
    ignoreApplicationStopFailures: false,
    autoRollbackConfiguration: deployment.rollback,
    updateOutdatedInstancesOnly: false,
    rollbackInfo:
      takesBack || rollbackDeployment || rollbackMessage
        ? {
            rollbackDeploymentId: rollbackDeployment,
            rollbackTriggeringDeploymentId: takesBack,
            rollbackMessage,
          }
        : undefined,
    deploymentStyle: settings.deploymentStyle,
    instanceTerminationWaitTimeStarted: deployment.terminateAt !== undefined,
    blueGreenDeploymentConfiguration: settings.blueGreenDeploymentConfiguration,
    loadBalancerInfo: settings.loadBalancerInfo,
    fileExistsBehavior: 'DISALLOW',
    deploymentStatusMessages: [],
    computePlatform: deployment.platform,
    overrideAlarmConfiguration: deployment.overridesAlarms,
  }
}

/** Gives the id of a deployment's one target; undefined before its AppSpec is read. AWS: `cluster:service`, `function:alias`. */
export function targetId({ spec, settings }: Deployment): string | undefined {
  if (spec?.platform === 'Lambda') return `${spec.function}:${spec.alias}`
  const [{ clusterName, serviceName } = {}] = settings.ecsServices ?? []
  return spec && `${clusterName}:${serviceName}`
}

const lifecycleEvents = ({ events }: Deployment) =>
  events.map(({ name, status, started, ended, message }) => ({
    lifecycleEventName: name,
    status,
    startTime: dateOf(started),
    endTime: dateOf(ended),
    ...(message && {
      diagnostics: { errorCode: 'UnknownError' as const, scriptName: '', message, logTail: '' },
    }),
  }))

/** What every target tells; `lastUpdatedAt` is when its last event began or ended. */
const common = (deployment: Deployment) => ({
  deploymentId: deployment.id,
  targetId: targetId(deployment),
  lastUpdatedAt: new Date(
    Math.max(
      deployment.created,
      ...deployment.events.map(({ started = 0, ended = 0 }) => Math.max(started, ended)),
    ),
  ),
  lifecycleEvents: lifecycleEvents(deployment),
  status: targetStatus(deployment),
})

/** Gives a deployment's target; undefined before its AppSpec is read. */
export async function describeTarget(ctx: Context, deployment: Deployment): Promise<Target | undefined> {
  const { spec, weight } = deployment
  if (!spec) return undefined
  if (spec.platform === 'Lambda')
    return {
      deploymentTargetType: 'LambdaTarget',
      lambdaTarget: {
        ...common(deployment),
        targetArn: formatArn('lambda', ctx.region, ctx.account, `function:${spec.function}:${spec.alias}`),
        lambdaFunctionInfo: {
          functionName: spec.function,
          functionAlias: spec.alias,
          currentVersion: spec.current,
          targetVersion: spec.version,
          targetVersionWeight: weight / 100,
        },
      },
    }
  return {
    deploymentTargetType: 'ECSTarget',
    ecsTarget: {
      ...common(deployment),
      targetArn: formatArn(
        'ecs',
        ctx.region,
        ctx.account,
        `service/${targetId(deployment)?.replace(':', '/')}`,
      ),
      taskSetsInfo: await taskSetsOf(ctx, deployment),
    },
  }
}

/** AWS: as they are now, seen with the group's role; what cannot be seen is not told. */
async function taskSetsOf(ctx: Context, deployment: Deployment) {
  const { taskSets, weight } = deployment
  if (!taskSets) return []
  const service = await serviceNow(runOf(ctx, deployment.id)).catch((error: unknown) => {
    if (error instanceof DeploymentFailure) return undefined
    throw error
  })
  return (service?.taskSets ?? [])
    .filter(({ id }) => id === taskSets.blue || id === taskSets.green)
    .map((one) => {
      const isGreen = one.id === taskSets.green
      const group = isGreen ? taskSets.greenGroup : taskSets.blueGroup
      return {
        identifer: one.id,
        desiredCount: one.computedDesiredCount,
        pendingCount: one.pendingCount,
        runningCount: one.runningCount,
        status: one.status,
        trafficWeight: isGreen ? weight : 100 - weight,
        targetGroup: { name: group.split('/')[1] },
        taskSetLabel: isGreen ? ('Green' as const) : ('Blue' as const),
      }
    })
}
