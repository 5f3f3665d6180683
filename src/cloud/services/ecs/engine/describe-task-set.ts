/** Task sets, as ECS describes them. */
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { clusterArn } from '../kinds.ts'
import { type Service, type TaskSet, tasks, tasksOf } from '../state.ts'
import { countsOf, launchOf, PLATFORM, tagPairsOf } from './describe.ts'
import { computedCount } from './task-set-record.ts'

type Described = NonNullable<Output<'ecs', 'CreateTaskSet'>['taskSet']>

export function describeTaskSet(ctx: Context, service: Service, set: TaskSet, withTags = false): Described {
  const { settings } = set
  const own = ctx
    .table(tasks)
    .where(tasksOf, service.arn)
    .filter(({ startedBy }) => startedBy === set.id)
  return {
    id: set.id,
    taskSetArn: set.arn,
    serviceArn: service.arn,
    clusterArn: clusterArn(ctx, set.cluster),
    startedBy: set.startedBy,
    externalId: set.externalId,
    status: set.status,
    taskDefinition: set.taskDefinition,
    computedDesiredCount: computedCount(service, set),
    ...countsOf(own),
    createdAt: new Date(set.created),
    updatedAt: new Date(set.updated),
    ...launchOf(settings),
    platformVersion: settings.platformVersion ?? PLATFORM,
    platformFamily: 'Linux',
    networkConfiguration: settings.networkConfiguration,
    loadBalancers: settings.loadBalancers ?? [],
    serviceRegistries: [],
    scale: { value: set.scale, unit: 'PERCENT' },
    stabilityStatus: set.isStable ? 'STEADY_STATE' : 'STABILIZING',
    stabilityStatusAt: new Date(set.stableSince),
    ...(withTags ? { tags: tagPairsOf(set.tags) } : {}),
  }
}
