/** AWS::ECS::ClusterCapacityProviderAssociations. */

import { type Properties, type ReadContext, resourceType } from '../../../kernel/resource-type.ts'
import { unlessAbsent } from '../../../kernel/unless-absent.ts'
import { asInput } from './spelling.ts'

const TYPE = 'AWS::ECS::ClusterCapacityProviderAssociations'

async function put(properties: Properties, rc: ReadContext) {
  const input = asInput(TYPE, { CapacityProviders: [], ...properties }) as never
  const { cluster } = await rc.call('ecs', 'PutClusterCapacityProviders', input)
  await rc.call('ecs', 'DescribeClusters', { clusters: [properties.Cluster] })
  return { physicalId: String(properties.Cluster ?? cluster?.clusterName) }
}

/** AWS: a cluster has one of them; without it, it has no providers and no strategy of its own. */
export const clusterCapacityProviderAssociations = resourceType({
  type: TYPE,
  create: put,
  update: (_id, properties, _previous, rc) => put(properties, rc),
  delete: async (_id, { Cluster }, rc) => {
    const nothing = { Cluster, CapacityProviders: [], DefaultCapacityProviderStrategy: [] }
    await unlessAbsent(put(nothing, rc), 'ClusterNotFoundException')
  },
})
