/** DescribeServices, ListServices and DeleteService. */
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { describeService } from '../engine/describe-service.ts'
import { byItself } from '../engine/identity.ts'
import { roll } from '../engine/rollout.ts'
import { saveService } from '../engine/service-record.ts'
import { activeService } from '../engine/services.ts'
import { saveTaskSet, taskSetsIn } from '../engine/task-set-record.ts'
import { clusterKind, clusterName, invalid, serviceArn, serviceKind } from '../kinds.ts'
import { services, servicesIn } from '../state.ts'
import { badToken } from './tags.ts'

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
  run: (input, ctx) => {
    const { cluster, launchType, schedulingStrategy, maxResults = 10, nextToken: token } = input
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
      // None is a daemon, or managed by an express gateway.
      .filter(() => (schedulingStrategy ?? 'REPLICA') === 'REPLICA')
      .filter(() => (input.resourceManagementType ?? 'CUSTOMER') === 'CUSTOMER')
    const page = paginate(all, {
      token,
      limit: maxResults,
      query: [cluster, launchType, schedulingStrategy, input.resourceManagementType],
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
    for (const set of taskSetsIn(ctx, service)) saveTaskSet(ctx, { ...set, status: 'DRAINING' })
    saveService(ctx, { ...service, status: 'DRAINING', desiredCount: 0 })
    roll(byItself(ctx), service.arn)
    return { service: describeService(ctx, ctx.table(services).get(service.arn)!) }
  },
})
