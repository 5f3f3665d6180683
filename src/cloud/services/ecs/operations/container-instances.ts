/** Container instances, of which there are none: they are listed, described and started on as AWS does it without any. */
import { type Arn, formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { passedToTasks } from '../engine/passed-roles.ts'
import { asCreation } from '../engine/tagged-creation.ts'
import { clusterKind, clusterName, definitionKind, invalid, shortName, taskKind } from '../kinds.ts'

const instanceArn = ({ region, account }: Context, cluster: string | undefined, named: string): Arn =>
  formatArn('ecs', region, account, `container-instance/${clusterName(cluster)}/${shortName(named)}`)

const inCluster = (ctx: Context, cluster: string | undefined) => ({
  'ecs:cluster': clusterKind.on(ctx, '', cluster).resource,
})

export const ListContainerInstances = operation({
  service: 'ecs',
  name: 'ListContainerInstances',
  access: ({ cluster }, ctx) => [clusterKind.on(ctx, 'ListContainerInstances', cluster)],
  run: ({ cluster }, ctx) => {
    clusterKind.find(ctx, cluster)
    return { containerInstanceArns: [] }
  },
})

export const DescribeContainerInstances = operation({
  service: 'ecs',
  name: 'DescribeContainerInstances',
  access: ({ cluster, containerInstances: all = [] }, ctx) =>
    all.map((named) => ({
      action: 'ecs:DescribeContainerInstances',
      resource: instanceArn(ctx, cluster, named),
      context: inCluster(ctx, cluster),
    })),
  run: ({ cluster, containerInstances: all = [] }, ctx) => {
    if (!all.length) throw invalid('Container instances cannot be empty.')
    clusterKind.find(ctx, cluster)
    const failures = all.map((named) => ({ arn: instanceArn(ctx, cluster, named), reason: 'MISSING' }))
    return { containerInstances: [], failures }
  },
})

/** AWS: an instance that is not there is a failure beside the tasks, of which there are none then. */
export const StartTask = operation({
  service: 'ecs',
  name: 'StartTask',
  access: ({ cluster, taskDefinition = '', overrides, tags }, ctx) => {
    return [
      definitionKind.on(ctx, 'StartTask', taskDefinition, inCluster(ctx, cluster)),
      ...asCreation('StartTask', taskKind.onNewTags(ctx, { cluster, named: '*' }, tags)),
      ...passedToTasks(ctx, taskDefinition, overrides),
    ]
  },
  run: ({ cluster, taskDefinition = '', containerInstances: all = [] }, ctx) => {
    clusterKind.find(ctx, cluster)
    definitionKind.find(ctx, taskDefinition)
    if (!all.length || all.length > 10) throw invalid('Between 1 and 10 container instances must be given.')
    const failures = all.map((named) => ({ arn: instanceArn(ctx, cluster, named), reason: 'MISSING' }))
    return { tasks: [], failures }
  },
})
