/** Starting and stopping tasks of a service. */
import type { Context } from '../../../kernel/context.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { definitionKind, taskKind } from '../kinds.ts'
import { type Service, type Task, type TaskSource, tasks, tasksOf } from '../state.ts'
import { chooseProviders } from './choose-providers.ts'
import { newTask } from './new-task.ts'
import { withEvent } from './service-record.ts'
import { beginTask, stopTask } from './task-life.ts'

/** AWS: a service's tasks have the tags that it says, and those of ECS where it is to. */
function tagsOf(ctx: Context, service: Service, taskDefinition: string): Tags {
  const { propagateTags, enableECSManagedTags } = service.settings
  const managed: Tags = enableECSManagedTags
    ? { 'aws:ecs:clusterName': service.cluster, 'aws:ecs:serviceName': service.name }
    : {}
  if (propagateTags === 'SERVICE') return { ...service.tags, ...managed }
  if (propagateTags === 'TASK_DEFINITION')
    return { ...definitionKind.lookUp(ctx, taskDefinition)?.tags, ...managed }
  return managed
}

const listed = (some: readonly Task[]): string => some.map(({ id }) => `(task ${id})`).join(' ')

/** Begins tasks of a deployment or of a task set. */
export function startTasks(ctx: Context, service: Service, source: TaskSource, count: number): Service {
  const { id, taskDefinition, settings, groups } = source
  const given = {
    cluster: service.cluster,
    taskDefinition,
    group: `service:${service.name}`,
    startedBy: id,
    service,
    settings,
    groups,
    tags: tagsOf(ctx, service, taskDefinition),
  }
  const arnOf = (named: string) => taskKind.on(ctx, '', { cluster: service.cluster, named }).resource
  const present = ctx
    .table(tasks)
    .where(tasksOf, service.arn)
    .filter(({ startedBy, desired }) => startedBy === id && desired === 'RUNNING')
    .map(({ launch }) => launch.capacityProviderName)
  const begun = chooseProviders(settings.capacityProviderStrategy, present, count).map((capacityProvider) =>
    newTask(ctx, arnOf, { ...given, capacityProvider }),
  )
  for (const one of begun) beginTask(ctx, one)
  return withEvent(ctx, service, `has started ${count} tasks: ${listed(begun)}.`)
}

export function stopTasks(ctx: Context, service: Service, some: readonly Task[]): Service {
  const [primary] = service.deployments
  for (const one of some)
    stopTask(ctx, one, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Scaling activity initiated by (${primary ? `deployment ${primary.id}` : `taskSet ${one.startedBy}`})`,
    })
  return withEvent(ctx, service, `has stopped ${some.length} running tasks: ${listed(some)}.`)
}

/** Stops tasks whose targets are unhealthy, and says so. */
export function stopSick(ctx: Context, service: Service, some: readonly Task[]): Service {
  let next = service
  for (const one of some) {
    const { group = '', port, reason } = one.targets.find(({ state }) => state === 'unhealthy') ?? {}
    next = withEvent(
      ctx,
      next,
      `(task ${one.id}) (port ${port}) is unhealthy in (target-group ${group}) due to (reason ${reason})`,
    )
    stopTask(ctx, one, {
      stopCode: 'ServiceSchedulerInitiated',
      stoppedReason: `Task failed ELB health checks in (target-group ${group})`,
    })
  }
  return withEvent(ctx, next, `has stopped ${some.length} running tasks: ${listed(some)}.`)
}
