/** CreateService, UpdateService, DescribeServices, ListServices and DeleteService. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { describeService } from '../engine/describe.ts'
import { byItself } from '../engine/identity.ts'
import { strategyOf, usableDefinition } from '../engine/launch.ts'
import { roll } from '../engine/rollout.ts'
import {
  begunDeployment,
  primaryOf,
  saveService,
  withDeployment,
  withEvent,
} from '../engine/service-record.ts'
import { checkSettings, joinSettings, takesNewTasks } from '../engine/settings.ts'
import { clusterKind, clusterName, invalid, serviceArn, serviceKind } from '../kinds.ts'
import { type Service, services, servicesIn } from '../state.ts'
import { badToken, ecsTags } from './tags.ts'

/** Said once by each service, where people look for what becomes of it. */
const SIMULATED =
  'tasks are simulated by the embedded cloud: their roles are taken on and their images asked for, no container runs.'

/**
 * AWS: the same once more gives the service that is there; an INACTIVE one makes way for a new one.
 * Tags of a service that is made with some are authorized by themselves only where the account has opted in.
 */
export const CreateService = operation({
  service: 'ecs',
  name: 'CreateService',
  access: ({ cluster, serviceName = '' }, ctx) => [
    serviceKind.on(ctx, 'CreateService', { cluster, named: serviceName }),
  ],
  run: (input, ctx) => {
    checkSettings(input)
    const { cluster, serviceName: name = '', desiredCount, tags } = input
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}$/.test(name)) throw invalid('Invalid service name.')
    if (desiredCount === undefined)
      throw invalid('Must provide desired count when creating a service with REPLICA scheduling strategy.')
    if (desiredCount < 0) throw invalid('Desired count cannot be negative.')
    const home = clusterKind.find(ctx, cluster).name
    const before = serviceKind.lookUp(ctx, { cluster, named: name })
    if (before && before.status !== 'INACTIVE') throw invalid('Creation of service was not idempotent.')
    const capacityProviderStrategy = strategyOf(ctx, input)
    const definition = usableDefinition(ctx, input.taskDefinition, input.networkConfiguration)
    const service: Service = {
      name,
      arn: serviceArn(ctx, { cluster, named: name }),
      cluster: home,
      status: 'ACTIVE',
      desiredCount,
      taskDefinition: definition.arn,
      settings: joinSettings(
        { availabilityZoneRebalancing: 'ENABLED' },
        { ...input, capacityProviderStrategy },
      ),
      deployments: [],
      events: [],
      created: ctx.cloud.clock.now(),
      createdBy: ctx.identity.principalArn,
      tags: serviceKind.newTags(ecsTags.read(tags)),
    }
    saveService(ctx, begunDeployment(ctx, withEvent(ctx, service, SIMULATED), definition.arn))
    return { service: rolled(ctx, service.arn, true) }
  },
})

function rolled(ctx: Context, arn: string, withTags = false) {
  roll(byItself(ctx), arn)
  return describeService(ctx, ctx.table(services).get(arn)!, withTags)
}

/** AWS: a new task definition begins a deployment, as does what changes the tasks, and whoever forces it. */
export const UpdateService = operation({
  service: 'ecs',
  name: 'UpdateService',
  access: ({ cluster, service: named = '' }, ctx) => [
    serviceKind.on(ctx, 'UpdateService', { cluster, named }),
  ],
  run: (input, ctx) => {
    checkSettings(input)
    const { cluster, service: named = '', desiredCount } = input
    clusterKind.find(ctx, cluster)
    const before = activeService(ctx, { cluster, named })
    if (desiredCount !== undefined && desiredCount < 0) throw invalid('Desired count cannot be negative.')
    const strategy =
      input.capacityProviderStrategy &&
      strategyOf(ctx, { cluster, capacityProviderStrategy: input.capacityProviderStrategy })
    const settings = joinSettings(before.settings, { ...input, capacityProviderStrategy: strategy })
    const { arn } = usableDefinition(
      ctx,
      input.taskDefinition ?? before.taskDefinition,
      settings.networkConfiguration,
    )
    const isNew =
      arn !== before.taskDefinition || input.forceNewDeployment || takesNewTasks(before.settings, settings)
    const next: Service = {
      ...before,
      settings,
      desiredCount: desiredCount ?? before.desiredCount,
      told: undefined,
    }
    saveService(
      ctx,
      isNew
        ? begunDeployment(ctx, next, arn)
        : withDeployment(ctx, next, primaryOf(next).id, { notBefore: 0 }),
    )
    return { service: rolled(ctx, before.arn) }
  },
})

/** Errors: ServiceNotFoundException, ServiceNotActiveException. */
function activeService(ctx: Context, named: { cluster?: string; named: string }): Service {
  const found = serviceKind.find(ctx, named)
  if (found.status === 'ACTIVE') return found
  throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.')
}

/** AWS: what is not there is a failure beside the rest. */
export const DescribeServices = operation({
  service: 'ecs',
  name: 'DescribeServices',
  access: ({ cluster, services: all = [] }, ctx) =>
    all.map((named) => serviceKind.on(ctx, 'DescribeServices', { cluster, named })),
  run: ({ cluster, services: all = [], include = [] }, ctx) => {
    if (!all.length) throw invalid('Services cannot be empty.')
    if (all.length > 10) throw invalid('Services list cannot have more than 10 elements.')
    clusterKind.find(ctx, cluster)
    const found = all.map((named) => ({
      arn: serviceArn(ctx, { cluster, named }),
      record: serviceKind.lookUp(ctx, { cluster, named }),
    }))
    return {
      services: found.flatMap(({ record }) =>
        record ? [describeService(ctx, record, include.includes('TAGS'))] : [],
      ),
      failures: found.flatMap(({ record, arn }) => (record ? [] : [{ arn, reason: 'MISSING' }])),
    }
  },
})

export const ListServices = operation({
  service: 'ecs',
  name: 'ListServices',
  access: ({ cluster }, ctx) => [
    {
      action: 'ecs:ListServices',
      resource: '*',
      context: { 'ecs:cluster': clusterKind.on(ctx, '', cluster).resource },
    },
  ],
  run: ({ cluster, launchType, schedulingStrategy, maxResults = 10, nextToken: token }, ctx) => {
    clusterKind.find(ctx, cluster)
    const all = ctx
      .table(services)
      .where(servicesIn, clusterName(cluster))
      .filter(({ status }) => status === 'ACTIVE')
      .filter(
        ({ settings }) =>
          launchType === undefined ||
          (launchType === 'FARGATE' && !settings.capacityProviderStrategy?.length),
      )
      .filter(() => (schedulingStrategy ?? 'REPLICA') === 'REPLICA')
    const page = paginate(all, {
      token,
      limit: maxResults,
      query: [cluster, launchType, schedulingStrategy],
      error: badToken,
    })
    return { serviceArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken }
  },
})

/** AWS: a service drains, and is INACTIVE once its last task has stopped. Errors: above 0 tasks, unless forced. */
export const DeleteService = operation({
  service: 'ecs',
  name: 'DeleteService',
  access: ({ cluster, service: named = '' }, ctx) => [
    serviceKind.on(ctx, 'DeleteService', { cluster, named }),
  ],
  run: ({ cluster, service: named = '', force = false }, ctx) => {
    clusterKind.find(ctx, cluster)
    const service = activeService(ctx, { cluster, named })
    if (service.desiredCount > 0 && !force)
      throw invalid('The service cannot be stopped while it is scaled above 0.')
    saveService(ctx, { ...service, status: 'DRAINING', desiredCount: 0 })
    return { service: rolled(ctx, service.arn) }
  },
})
