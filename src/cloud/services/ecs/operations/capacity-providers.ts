/** PutClusterCapacityProviders. */
import { operation } from '../../../kernel/operation.ts'
import { describeCluster } from '../engine/describe-cluster.ts'
import { checkProviders, checkStrategy } from '../engine/launch.ts'
import { clusterKind } from '../kinds.ts'

/** AWS: both are replaced as a whole; a service that names none takes the strategy in effect when it is made. */
export const PutClusterCapacityProviders = operation({
  service: 'ecs',
  name: 'PutClusterCapacityProviders',
  access: (input, ctx) => [clusterKind.on(ctx, 'PutClusterCapacityProviders', input.cluster)],
  run: ({ cluster: named, capacityProviders = [], defaultCapacityProviderStrategy: strategy = [] }, ctx) => {
    clusterKind.find(ctx, named)
    checkProviders(capacityProviders)
    checkStrategy(strategy)
    const cluster = clusterKind.change(ctx, named, { capacityProviders, strategy })
    return { cluster: describeCluster(ctx, cluster, ['TAGS', 'SETTINGS']) }
  },
})
