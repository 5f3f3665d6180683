/** TagResource, UntagResource and ListTagsForResource of clusters, services, tasks, task sets and task definitions. */
import { type Arn, type AwsError, parseArn } from '../../../../model/index.ts'
import { tagOperations, tagPairs } from '../../../kernel/tag-operations.ts'
import type { Tagged } from '../../../kernel/tagging.ts'
import { clusterKind, definitionKind, invalid, serviceKind, taskKind, taskSetKind } from '../kinds.ts'

export const ecsTags = tagPairs('key', 'value')

export const badToken = (): AwsError => invalid('Invalid token.')

/** Errors: InvalidParameterException for what is no ARN of a resource that ECS keeps here. */
function tagged(arn: Arn): Tagged {
  const [type, cluster = '', named, ...rest] = (parseArn(arn)?.resource ?? '').split('/')
  const inCluster = { cluster, named: named ?? cluster }
  if (type === 'cluster') return clusterKind.tagged(cluster)
  if (type === 'service') return serviceKind.tagged(inCluster)
  if (type === 'task') return taskKind.tagged(inCluster)
  if (type === 'task-set') return taskSetKind.tagged({ cluster, service: named ?? '', named: rest.join('/') })
  if (type === 'task-definition') return definitionKind.tagged(cluster)
  throw invalid(
    'Invalid identifier: Unexpected resource type. Clusters, services, tasks, task sets and task definitions have tags here.',
  )
}

export const [TagResource, UntagResource, ListTagsForResource] = tagOperations<{ readonly resourceArn: Arn }>(
  {
    service: 'ecs',
    members: ['tags', 'tagKeys'],
    form: ecsTags,
    resource: ({ resourceArn }) => tagged(resourceArn),
  },
)
