/** Services, as ECS describes them. */
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { clusterArn } from '../kinds.ts'
import { type Deployment, type Service, type Task, tasks, tasksOf } from '../state.ts'
import { countsOf, launchOf, PLATFORM, tagPairsOf } from './describe.ts'
import { describeTaskSet } from './describe-task-set.ts'
import { revisionCounts } from './service-deployments.ts'
import { taskSetsIn } from './task-set-record.ts'

type Described = NonNullable<Output<'ecs', 'CreateService'>['service']>

function describeDeployment(service: Service, deployment: Deployment, all: readonly Task[]) {
  const own = all.filter(({ startedBy }) => startedBy === deployment.id)
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === 'PRIMARY' ? service.desiredCount : 0,
    ...countsOf(own),
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.created),
    updatedAt: new Date(deployment.updated),
    ...launchOf(deployment.settings),
    platformVersion: PLATFORM,
    platformFamily: 'Linux',
    networkConfiguration: deployment.settings.networkConfiguration,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  }
}

/** AWS: what is deployed now, and the service deployment that is under way. */
function currentOf(ctx: Context, service: Service) {
  if (service.controller !== 'ECS') return {}
  const counts = revisionCounts(ctx, service)
  return {
    currentServiceDeployment: service.ongoing,
    currentServiceRevisions: service.deployments.map(({ revision, status }) => ({
      arn: revision,
      requestedTaskCount: status === 'PRIMARY' ? service.desiredCount : 0,
      ...counts[revision],
    })),
  }
}

export function describeService(ctx: Context, service: Service, withTags = false): Described {
  const all = ctx.table(tasks).where(tasksOf, service.arn)
  const sets = taskSetsIn(ctx, service)
  // AWS: what a task set has, the service tells of the primary one.
  const primary = sets.find(({ status }) => status === 'PRIMARY')
  const settings = { ...service.settings, ...primary?.settings }
  const isLaunched = service.controller === 'ECS' || primary
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: clusterArn(ctx, service.cluster),
    status: service.status,
    desiredCount: service.desiredCount,
    ...countsOf(all),
    ...(isLaunched && {
      ...launchOf(settings),
      platformVersion: settings.platformVersion ?? 'LATEST',
      platformFamily: 'Linux',
    }),
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: settings.deploymentConfiguration,
    ...currentOf(ctx, service),
    deployments: service.deployments.map((one) => describeDeployment(service, one, all)),
    ...(service.controller !== 'ECS' && { taskSets: sets.map((one) => describeTaskSet(ctx, service, one)) }),
    events: service.events.map(({ id, at, message }) => ({ id, createdAt: new Date(at), message })),
    createdAt: new Date(service.created),
    createdBy: service.createdBy,
    networkConfiguration: settings.networkConfiguration,
    healthCheckGracePeriodSeconds: settings.healthCheckGracePeriodSeconds ?? 0,
    availabilityZoneRebalancing: settings.availabilityZoneRebalancing ?? 'DISABLED',
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: service.controller },
    enableECSManagedTags: settings.enableECSManagedTags ?? false,
    propagateTags: settings.propagateTags ?? 'NONE',
    enableExecuteCommand: false,
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: [],
    placementConstraints: [],
    placementStrategy: [],
    ...(withTags ? { tags: tagPairsOf(service.tags) } : {}),
  }
}
