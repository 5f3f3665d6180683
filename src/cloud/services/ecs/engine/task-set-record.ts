/** Task sets, kept. AWS: they are what services with another deployment controller than ECS's own are made of. */
import type { Context } from '../../../kernel/context.ts'
import { serviceChanged } from '../../../kernel/service-events.ts'
import { taskSetArn } from '../kinds.ts'
import { type Service, type TaskSet, taskSets, taskSetsOf } from '../state.ts'
import { deploymentId } from './service-record.ts'

export const taskSetsIn = (ctx: Context, { arn }: Service): TaskSet[] =>
  ctx.table(taskSets).where(taskSetsOf, arn)

/** AWS: the service's tasks times the scale, rounded up; none of one that drains. */
export const computedCount = ({ desiredCount }: Service, { scale, status }: TaskSet): number =>
  status === 'DRAINING' ? 0 : Math.ceil((desiredCount * scale) / 100)

export function saveTaskSet(ctx: Context, set: TaskSet): TaskSet {
  ctx.table(taskSets).put(set.arn, set)
  ctx.cloud.bus.emit(serviceChanged, { service: set.service })
  return set
}

type Given = Pick<
  TaskSet,
  'status' | 'taskDefinition' | 'settings' | 'scale' | 'tags' | 'startedBy' | 'externalId' | 'clientToken'
>

/** Keeps a new task set, and gives it. */
export function makeTaskSet(ctx: Context, service: Service, given: Given): TaskSet {
  const id = deploymentId(ctx)
  const now = ctx.cloud.clock.now()
  return saveTaskSet(ctx, {
    ...given,
    id,
    arn: taskSetArn(ctx, { cluster: service.cluster, service: service.name, named: id }),
    service: service.arn,
    cluster: service.cluster,
    failedTasks: 0,
    notBefore: now,
    digests: {},
    isStable: false,
    stableSince: now,
    created: now,
    updated: now,
  })
}
