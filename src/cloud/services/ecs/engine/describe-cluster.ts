/** Clusters, as ECS describes them. */
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { type Cluster, type Service, services, servicesIn, tasks, tasksIn } from '../state.ts'
import { countsOf, tagPairsOf } from './describe.ts'

type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : never
type Described = One<Output<'ecs', 'DescribeClusters'>['clusters']>

export function describeCluster(ctx: Context, cluster: Cluster, include: readonly string[] = []): Described {
  const counts = countsOf(ctx.table(tasks).where(tasksIn, cluster.name))
  const all = ctx.table(services).where(servicesIn, cluster.name)
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: 0,
    runningTasksCount: counts.runningCount,
    pendingTasksCount: counts.pendingCount,
    activeServicesCount: countOf(all, 'ACTIVE'),
    statistics: include.includes('STATISTICS') ? statistics(all, counts) : [],
    settings: include.includes('SETTINGS') ? cluster.settings : [],
    capacityProviders: [...cluster.capacityProviders],
    defaultCapacityProviderStrategy: cluster.strategy,
    tags: include.includes('TAGS') ? tagPairsOf(cluster.tags) : [],
  }
}

const countOf = (all: readonly Service[], status: Service['status']): number =>
  all.filter((one) => one.status === status).length

/** AWS: by launch type; all but Fargate have none here (Cluster.statistics). */
function statistics(all: readonly Service[], { runningCount, pendingCount }: ReturnType<typeof countsOf>) {
  const fargate = [
    ['running', 'TasksCount', runningCount],
    ['pending', 'TasksCount', pendingCount],
    ['active', 'ServiceCount', countOf(all, 'ACTIVE')],
    ['draining', 'ServiceCount', countOf(all, 'DRAINING')],
  ] as const
  return fargate.flatMap(([state, of, count]) =>
    ['EC2', 'Fargate', 'External'].map((type) => ({
      name: `${state}${type}${of}`,
      value: String(type === 'Fargate' ? count : 0),
    })),
  )
}
