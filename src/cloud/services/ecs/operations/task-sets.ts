/** CreateTaskSet, UpdateTaskSet, DeleteTaskSet, DescribeTaskSets and UpdateServicePrimaryTaskSet. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { checkLoadBalancers } from '../engine/check-load-balancers.ts'
import { notManaged } from '../engine/controllers.ts'
import { describeTaskSet } from '../engine/describe-task-set.ts'
import { byItself } from '../engine/identity.ts'
import { strategyOf, usableDefinition } from '../engine/launch.ts'
import { passedToTasks } from '../engine/passed-roles.ts'
import { roll } from '../engine/rollout.ts'
import { saveService, withEvent } from '../engine/service-record.ts'
import { activeService } from '../engine/services.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { computedCount, makeTaskSet, saveTaskSet, taskSetsIn } from '../engine/task-set-record.ts'
import {
  clusterKind,
  definitionKind,
  type InService,
  invalid,
  serviceKind,
  taskSetArn,
  taskSetKind,
} from '../kinds.ts'
import { type Service, services, type TaskSet } from '../state.ts'
import { ecsTags } from './tags.ts'

/** AWS: as many task sets a service has at most ("Amazon ECS service quotas"). */
const MOST = 5

interface Asked {
  readonly cluster?: string
  readonly service?: string
}

const named = ({ cluster, service = '' }: Asked, taskSet: string): InService => ({
  cluster,
  service,
  named: taskSet,
})

/** Errors: Cluster- and ServiceNotFoundException, ServiceNotActiveException, and where task sets are not the caller's. */
function managed(ctx: Context, { cluster, service = '' }: Asked): Service {
  clusterKind.find(ctx, cluster)
  const found = activeService(ctx, { cluster, named: service })
  const error = notManaged(ctx, found)
  if (error) throw error
  return found
}

/** Errors: InvalidParameterException for what is no percentage. */
function percent(scale: { readonly value?: number; readonly unit?: string } = {}): number {
  const { value = 100 } = scale
  if (value >= 0 && value <= 100) return value
  throw invalid('Scale value must be between 0 and 100.')
}

/** Goes on with the service's task sets, and gives one of them as it is then. */
function rolled(ctx: Context, service: Service, input: Asked, id: string) {
  roll(byItself(ctx), service.arn)
  return describeTaskSet(ctx, ctx.table(services).get(service.arn)!, taskSetKind.find(ctx, named(input, id)))
}

/** AWS: the resource is a task set that is not there yet; its definition is a condition key, whose roles are handed over. */
export const CreateTaskSet = operation({
  service: 'ecs',
  name: 'CreateTaskSet',
  access: (input, ctx) => [
    ...asCreation(
      'CreateTaskSet',
      taskSetKind.onNew(ctx, 'CreateTaskSet', named(input, '*'), input.tags, {
        'ecs:task-definition': definitionKind.on(ctx, '', input.taskDefinition ?? '').resource,
      }),
    ),
    ...passedToTasks(ctx, input.taskDefinition),
  ],
  run: async (input, ctx) => {
    const asked = definitionKind.lookUp(ctx, input.taskDefinition ?? '')
    managed(ctx, input)
    await checkLoadBalancers(ctx, input.loadBalancers, asked?.definition)
    refuseUnsupported({ ...input, serviceRegistries: input.serviceRegistries?.length || undefined }, [
      'serviceRegistries',
    ])
    const service = managed(ctx, input)
    const scale = percent(input.scale)
    const before = taskSetsIn(ctx, service)
    const same = before.find(({ clientToken }) => clientToken && clientToken === input.clientToken)
    if (same) return { taskSet: describeTaskSet(ctx, service, same, true) }
    if (before.length >= MOST)
      throw new AwsError('LimitExceededException', `A service has ${MOST} task sets at most.`)
    if ((input.loadBalancers?.length ?? 0) > 1)
      throw invalid('A task set takes one load balancer with one target group.')
    const { platformVersion, networkConfiguration, loadBalancers } = input
    const capacityProviderStrategy = strategyOf(ctx, input)
    const definition = usableDefinition(ctx, input.taskDefinition, networkConfiguration)
    const set = makeTaskSet(ctx, service, {
      status: 'ACTIVE',
      taskDefinition: definition.arn,
      startedBy: service.controller === 'EXTERNAL' ? undefined : service.controller,
      externalId: input.externalId,
      settings: { capacityProviderStrategy, platformVersion, networkConfiguration, loadBalancers },
      scale,
      clientToken: input.clientToken,
      tags: taskSetKind.newTags(ecsTags.read(input.tags)),
    })
    saveService(ctx, counted(ctx, service, set))
    return { taskSet: rolled(ctx, service, input, set.id) }
  },
})

const counted = (ctx: Context, service: Service, set: TaskSet): Service =>
  withEvent(
    ctx,
    service,
    `updated computedDesiredCount for taskSet ${set.id} to ${computedCount(service, set)}.`,
  )

export const UpdateTaskSet = operation({
  service: 'ecs',
  name: 'UpdateTaskSet',
  access: (input, ctx) => [taskSetKind.on(ctx, 'UpdateTaskSet', named(input, input.taskSet ?? ''))],
  run: (input, ctx) => {
    const service = managed(ctx, input)
    const scale = percent(input.scale)
    const before = taskSetKind.find(ctx, named(input, input.taskSet ?? ''))
    const set = saveTaskSet(ctx, { ...before, scale, updated: ctx.cloud.clock.now() })
    const isAsMany = computedCount(service, set) === computedCount(service, before)
    if (!isAsMany) saveService(ctx, counted(ctx, service, set))
    return { taskSet: rolled(ctx, service, input, set.id) }
  },
})

/** AWS: its tasks are stopped, and it is gone with the last of them. Errors: above 0 percent, unless forced. */
export const DeleteTaskSet = operation({
  service: 'ecs',
  name: 'DeleteTaskSet',
  access: (input, ctx) => [taskSetKind.on(ctx, 'DeleteTaskSet', named(input, input.taskSet ?? ''))],
  run: (input, ctx) => {
    const service = managed(ctx, input)
    const before = taskSetKind.find(ctx, named(input, input.taskSet ?? ''))
    if (before.scale > 0 && !input.force)
      throw invalid('The task set cannot be deleted while it is scaled above 0.')
    const set = saveTaskSet(ctx, { ...before, status: 'DRAINING', updated: ctx.cloud.clock.now() })
    const taskSet = describeTaskSet(ctx, service, set)
    roll(byItself(ctx), service.arn)
    return { taskSet }
  },
})

/** AWS: all of a service where none is named; what is not there is a failure beside the rest. */
export const DescribeTaskSets = operation({
  service: 'ecs',
  name: 'DescribeTaskSets',
  access: (input, ctx) =>
    (input.taskSets?.length ? input.taskSets : ['*']).map((one) =>
      taskSetKind.on(ctx, 'DescribeTaskSets', named(input, one)),
    ),
  run: (input, ctx) => {
    const { taskSets: given = [], include = [] } = input
    const service = managed(ctx, input)
    const records = given.length
      ? given.map((one) => taskSetKind.lookUp(ctx, named(input, one)))
      : taskSetsIn(ctx, service)
    const isAbsent = (_: string, at: number): boolean => !records[at]
    return {
      taskSets: records.flatMap((set) =>
        set ? [describeTaskSet(ctx, service, set, include.includes('TAGS'))] : [],
      ),
      failures: given
        .filter(isAbsent)
        .map((one) => ({ arn: taskSetArn(ctx, named(input, one)), reason: 'MISSING' })),
    }
  },
})

/** AWS: the one that was primary is an active one from then on; the service tells what the primary one has. */
export const UpdateServicePrimaryTaskSet = operation({
  service: 'ecs',
  name: 'UpdateServicePrimaryTaskSet',
  access: ({ cluster, service = '' }, ctx) => [
    serviceKind.on(ctx, 'UpdateServicePrimaryTaskSet', { cluster, named: service }),
  ],
  run: (input, ctx) => {
    const service = managed(ctx, input)
    const chosen = taskSetKind.find(ctx, named(input, input.primaryTaskSet ?? ''))
    if (chosen.status === 'DRAINING') throw invalid('A task set that is draining can not be the primary one.')
    const updated = ctx.cloud.clock.now()
    for (const set of taskSetsIn(ctx, service))
      if (set.status === 'PRIMARY') saveTaskSet(ctx, { ...set, status: 'ACTIVE', updated })
    saveTaskSet(ctx, { ...chosen, status: 'PRIMARY', updated })
    saveService(ctx, { ...service, taskDefinition: chosen.taskDefinition })
    return { taskSet: rolled(ctx, service, input, chosen.id) }
  },
})
