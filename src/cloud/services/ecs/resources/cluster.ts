/** AWS::ECS::Cluster. */
import { AwsError } from '../../../../model/index.ts'
import {
  type Properties,
  type ReadContext,
  type ResourceContext,
  resourceType,
} from '../../../kernel/resource-type.ts'
import { resourceTags } from '../../../kernel/stack-tags.ts'
import { clusterName } from '../kinds.ts'
import { asInput } from './spelling.ts'
import { newTags, retag } from './tags.ts'

const TYPE = 'AWS::ECS::Cluster'

/** AWS: what a cluster has that is told nothing of it. */
const SETTINGS = [{ name: 'containerInsights', value: 'disabled' }] as const

type Input = Readonly<Record<string, never>>

/** Gives a cluster; undefined where there is none, or none any more. */
async function describe(name: string, rc: ReadContext) {
  const { clusters = [] } = await rc.call('ecs', 'DescribeClusters', { clusters: [name] })
  return clusters.find(({ status }) => status === 'ACTIVE')
}

const outcome = (name: string, Arn: string | undefined) => ({ physicalId: name, attributes: { Arn } })

const changed = (name: string, one: Properties, other: Properties): boolean =>
  JSON.stringify(one[name]) !== JSON.stringify(other[name])

async function update(name: string, properties: Properties, previous: Properties, rc: ResourceContext) {
  const { clusterSettings, capacityProviders, defaultCapacityProviderStrategy }: Input = asInput(
    TYPE,
    properties,
  ) as Input
  if (changed('ClusterSettings', properties, previous))
    await rc.call('ecs', 'UpdateCluster', { cluster: name, settings: clusterSettings ?? [...SETTINGS] })
  if (
    changed('CapacityProviders', properties, previous) ||
    changed('DefaultCapacityProviderStrategy', properties, previous)
  )
    await rc.call('ecs', 'PutClusterCapacityProviders', {
      cluster: name,
      capacityProviders: capacityProviders ?? [],
      defaultCapacityProviderStrategy: defaultCapacityProviderStrategy ?? [],
    })
}

export const cluster = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    const name = properties.ClusterName ?? rc.generateName()
    const { clusterSettings, ...input } = asInput(TYPE, { ...properties, Tags: undefined }) as Input
    const { cluster: made } = await rc.call('ecs', 'CreateCluster', {
      ...input,
      settings: clusterSettings,
      clusterName: name,
      ...newTags(resourceTags(properties, rc)),
    })
    rc.made(name)
    await describe(name, rc)
    return outcome(name, made?.clusterArn)
  },
  update: async (name, properties, previous, rc) => {
    await update(name, properties, previous, rc)
    const now = await describe(name, rc)
    await retag(now?.clusterArn ?? '', properties, previous, rc)
    return outcome(name, now?.clusterArn)
  },
  read: async (name, rc) => {
    const found = await describe(clusterName(name), rc)
    return found && outcome(clusterName(name), found.clusterArn)
  },
  delete: async (name, _properties, rc) => {
    if (!(await describe(name, rc))) return
    await rc.call('ecs', 'DeleteCluster', { cluster: name }).catch((error) => {
      if (!(error instanceof AwsError) || error.code !== 'ClusterNotFoundException') throw error
    })
  },
})
