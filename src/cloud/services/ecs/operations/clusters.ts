/** CreateCluster, UpdateCluster, UpdateClusterSettings, DescribeClusters, ListClusters and DeleteCluster. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { refuseUnsupported } from '../../../kernel/refusals.ts'
import { effectiveSetting } from '../engine/account-settings.ts'
import { describeCluster } from '../engine/describe-cluster.ts'
import { checkProviders, checkStrategy } from '../engine/launch.ts'
import { ensureLinkedRole } from '../engine/linked-role.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { clusterArn, clusterKind, clusterName, invalid } from '../kinds.ts'
import { type Cluster, clusters, services, servicesIn, tasks, tasksIn } from '../state.ts'
import { badToken, ecsTags } from './tags.ts'

const UNSUPPORTED = ['configuration', 'serviceConnectDefaults']

const INSIGHTS = 'containerInsights'

/** AWS: a new cluster has what the account setting says. */
const insights = (ctx: Context): string => effectiveSetting(ctx, ctx.identity.principalArn, INSIGHTS).value

/** AWS: one that is there already is given as it is. */
export const CreateCluster = operation({
  service: 'ecs',
  name: 'CreateCluster',
  access: ({ clusterName: name, tags }, ctx) =>
    asCreation('CreateCluster', clusterKind.onNew(ctx, 'CreateCluster', name, tags)),
  run: async (input, ctx) => {
    await ensureLinkedRole(ctx)
    refuseUnsupported(input, UNSUPPORTED)
    const name = input.clusterName ?? 'default'
    if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,254}$/.test(name)) throw invalid('Invalid cluster name.')
    const before = clusterKind.lookUp(ctx, name)
    if (before) return { cluster: describeCluster(ctx, before, ['TAGS', 'SETTINGS']) }
    checkProviders(input.capacityProviders)
    checkStrategy(input.defaultCapacityProviderStrategy)
    const cluster: Cluster = {
      name,
      arn: clusterArn(ctx, name),
      status: 'ACTIVE',
      settings: input.settings ?? [{ name: INSIGHTS, value: insights(ctx) }],
      capacityProviders: input.capacityProviders ?? [],
      strategy: input.defaultCapacityProviderStrategy ?? [],
      tags: clusterKind.newTags(ecsTags.read(input.tags)),
    }
    ctx.table(clusters).put(name, cluster)
    return { cluster: describeCluster(ctx, cluster, ['TAGS', 'SETTINGS']) }
  },
})

export const UpdateCluster = operation({
  service: 'ecs',
  name: 'UpdateCluster',
  access: (input, ctx) => [clusterKind.on(ctx, 'UpdateCluster', input.cluster)],
  run: (input, ctx) => {
    refuseUnsupported(input, UNSUPPORTED)
    const cluster = clusterKind.change(ctx, input.cluster, (now) => ({
      ...now,
      settings: input.settings ?? now.settings,
    }))
    return { cluster: describeCluster(ctx, cluster, ['TAGS', 'SETTINGS']) }
  },
})

export const UpdateClusterSettings = operation({
  service: 'ecs',
  name: 'UpdateClusterSettings',
  access: (input, ctx) => [clusterKind.on(ctx, 'UpdateClusterSettings', input.cluster)],
  run: ({ cluster: named, settings }, ctx) => {
    const cluster = clusterKind.change(ctx, named, { settings })
    return { cluster: describeCluster(ctx, cluster, ['TAGS', 'SETTINGS']) }
  },
})

/** AWS: what is not there is a failure beside the rest; without names it is the default cluster. */
export const DescribeClusters = operation({
  service: 'ecs',
  name: 'DescribeClusters',
  access: (input, ctx) => named(input.clusters).map((one) => clusterKind.on(ctx, 'DescribeClusters', one)),
  run: ({ clusters: given, include = [] }, ctx) => {
    const all = named(given).map((one) => ({
      arn: clusterArn(ctx, one),
      record: ctx.table(clusters).get(clusterName(one)),
    }))
    return {
      clusters: all.flatMap(({ record }) => (record ? [describeCluster(ctx, record, include)] : [])),
      failures: all.flatMap(({ record, arn }) => (record ? [] : [{ arn, reason: 'MISSING' }])),
    }
  },
})

const named = (given: readonly string[] = []): readonly string[] => (given.length ? given : ['default'])

export const ListClusters = operation({
  service: 'ecs',
  name: 'ListClusters',
  access: () => [{ action: 'ecs:ListClusters', resource: '*' }],
  run: ({ maxResults = 100, nextToken: token }, ctx) => {
    const all = ctx
      .table(clusters)
      .values()
      .filter(({ status }) => status === 'ACTIVE')
    const page = paginate(all, { token, limit: maxResults, query: '', error: badToken })
    return { clusterArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken }
  },
})

/** AWS: the cluster is seen as INACTIVE afterwards. Errors: while services or tasks are active in it. */
export const DeleteCluster = operation({
  service: 'ecs',
  name: 'DeleteCluster',
  access: (input, ctx) => [clusterKind.on(ctx, 'DeleteCluster', input.cluster)],
  run: ({ cluster: given }, ctx) => {
    const { name } = clusterKind.find(ctx, given)
    if (
      ctx
        .table(services)
        .where(servicesIn, name)
        .some(({ status }) => status !== 'INACTIVE')
    )
      throw new AwsError(
        'ClusterContainsServicesException',
        'The Cluster cannot be deleted while Services are active.',
      )
    if (
      ctx
        .table(tasks)
        .where(tasksIn, name)
        .some(({ status }) => status !== 'STOPPED')
    )
      throw new AwsError(
        'ClusterContainsTasksException',
        'The Cluster cannot be deleted while Tasks are active.',
      )
    const cluster = clusterKind.change(ctx, given, { status: 'INACTIVE' })
    return { cluster: describeCluster(ctx, cluster) }
  },
})
