/** The kinds of resources that ECS keeps, and how requests name them. */
import { type Arn, AwsError, formatArn, parseArn } from '../../../model/index.ts'
import type { Context } from '../../kernel/context.ts'
import { resourceKind } from '../../kernel/resource-kind.ts'
import type { Collection } from '../../kernel/store.ts'
import { joinTags, tagsInRecord } from '../../kernel/tagging.ts'
import {
  byFamily,
  type Cluster,
  clusters,
  type Service,
  type ServiceDeployment,
  type ServiceRevision,
  serviceDeployments,
  serviceRevisions,
  services,
  type Task,
  type TaskDefinition,
  type TaskSet,
  taskDefinitions,
  taskSets,
  tasks,
} from './state.ts'

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message)

export const clientError = (message: string): AwsError => new AwsError('ClientException', message)

const arnHere = ({ region, account }: Context, resource: string): Arn =>
  formatArn('ecs', region, account, resource)

/** AWS: a cluster is named by its name or its ARN, and is `default` where none is named. */
export const clusterName = (named = 'default'): string =>
  (parseArn(named)?.resource ?? named).replace(/^cluster\//, '')

export const clusterArn = (ctx: Context, named?: string): Arn => arnHere(ctx, `cluster/${clusterName(named)}`)

export interface InCluster {
  readonly cluster?: string
  /** A name or an id, or an ARN. */
  readonly named: string
}

/** AWS: the last part of an ARN, with or without the cluster before it. */
export const shortName = (named: string): string => named.slice(named.lastIndexOf('/') + 1)

const tagging = <R extends { readonly tags: Cluster['tags'] }>() =>
  tagsInRecord<R>({
    join: joinTags(invalid),
    prefixes: ['aws:ResourceTag/', 'ecs:ResourceTag/'],
    creation: 'TagResource',
  })

export const clusterKind = resourceKind({
  service: 'ecs',
  table: clusters,
  key: ({ name }: Cluster) => name,
  found: (ctx, named: string | undefined) => {
    const record = ctx.table(clusters).get(clusterName(named))
    return {
      record: record?.status === 'ACTIVE' ? record : undefined,
      arn: clusterArn(ctx, named),
      account: ctx.account,
      region: ctx.region,
    }
  },
  absent: () => new AwsError('ClusterNotFoundException', 'Cluster not found.'),
  policy: 'none',
  tags: tagging<Cluster>(),
})

export const serviceArn = (ctx: Context, { cluster, named }: InCluster): Arn =>
  arnHere(ctx, `service/${clusterName(cluster)}/${shortName(named)}`)

/** AWS: policies see the cluster of a service and of a task by the key ecs:cluster. */
const ofCluster = (arn: Arn): { 'ecs:cluster': Arn } => {
  const { region, account, resource } = parseArn(arn)!
  return { 'ecs:cluster': formatArn('ecs', region, account, `cluster/${resource.split('/')[1]}`) }
}

const ofService = (arn: Arn): { 'ecs:cluster': Arn; 'ecs:service': Arn } => {
  const { region, account, resource } = parseArn(arn)!
  const [, cluster, service] = resource.split('/')
  return {
    ...ofCluster(arn),
    'ecs:service': formatArn('ecs', region, account, `service/${cluster}/${service}`),
  }
}

export const serviceKind = resourceKind({
  service: 'ecs',
  table: services,
  key: ({ arn }: Service) => arn,
  found: (ctx, named: InCluster) => {
    const arn = serviceArn(ctx, named)
    return { record: ctx.table(services).get(arn), arn, account: ctx.account, region: ctx.region }
  },
  absent: () => new AwsError('ServiceNotFoundException', 'Service not found.'),
  policy: 'none',
  tags: tagging<Service>(),
  conditions: ({ arn }) => ofCluster(arn),
})

export const taskKind = resourceKind({
  service: 'ecs',
  table: tasks,
  key: ({ arn }: Task) => arn,
  found: (ctx, { cluster, named }: InCluster) => {
    const arn = arnHere(ctx, `task/${clusterName(cluster)}/${shortName(named)}`)
    return { record: ctx.table(tasks).get(arn), arn, account: ctx.account, region: ctx.region }
  },
  absent: () => invalid('The referenced task was not found.'),
  policy: 'none',
  tags: tagging<Task>(),
  conditions: ({ arn }) => ofCluster(arn),
})

export interface InService extends InCluster {
  readonly service: string
}

/** AWS: a task set is named by its id, `ecs-svc/` and digits, or by its ARN, which ends with it; `*` stands for all. */
export const taskSetArn = (ctx: Context, { cluster, service, named }: InService): Arn => {
  const id = named === '*' ? '*' : `ecs-svc/${shortName(named)}`
  return arnHere(ctx, `task-set/${clusterName(cluster)}/${shortName(service)}/${id}`)
}

export const taskSetKind = resourceKind({
  service: 'ecs',
  table: taskSets,
  key: ({ arn }: TaskSet) => arn,
  found: (ctx, named: InService) => {
    const arn = taskSetArn(ctx, named)
    return { record: ctx.table(taskSets).get(arn), arn, account: ctx.account, region: ctx.region }
  },
  absent: () => new AwsError('TaskSetNotFoundException', 'The specified task set was not found.'),
  policy: 'none',
  tags: tagging<TaskSet>(),
  conditions: ({ arn }) => ofService(arn),
})

/** Gives the ARN of something of a service. */
export const arnOfService = (ctx: Context, type: string, { cluster, name }: Service, id: string): Arn =>
  arnHere(ctx, `${type}/${cluster}/${name}/${id}`)

/** AWS: service deployments and revisions are named by their ARNs alone. */
const byArn = <R extends { readonly arn: Arn }>(table: Collection<R>, absent: (arn: Arn) => AwsError) =>
  resourceKind({
    service: 'ecs',
    table,
    key: ({ arn }: R) => arn,
    found: (ctx, arn: Arn) => ({
      record: ctx.table(table).get(arn),
      arn,
      account: parseArn(arn)?.account ?? ctx.account,
      region: ctx.region,
    }),
    absent: ({ arn }) => absent(arn),
    policy: 'none',
    tags: 'none',
    conditions: ({ arn }) => (parseArn(arn) ? ofService(arn) : undefined),
  })

export const serviceDeploymentKind = byArn<ServiceDeployment>(
  serviceDeployments,
  () => new AwsError('ServiceDeploymentNotFoundException', 'The specified service deployment was not found.'),
)

export const serviceRevisionKind = byArn<ServiceRevision>(serviceRevisions, (arn) =>
  invalid(`The service revision ${arn} was not found.`),
)

/** AWS: `family`, which is its newest active revision, `family:revision`, or an ARN. */
export const definitionKind = resourceKind({
  service: 'ecs',
  table: taskDefinitions,
  key: ({ family, revision }: TaskDefinition) => `${family}:${revision}`,
  found: (ctx, named: string) => {
    const name = shortName(named)
    const record = name.includes(':') ? ctx.table(taskDefinitions).get(name) : newest(ctx, name)
    return {
      record,
      arn: record?.arn ?? arnHere(ctx, `task-definition/${name.includes(':') ? name : `${name}:*`}`),
      account: ctx.account,
      region: ctx.region,
    }
  },
  absent: () => clientError('Unable to describe task definition.'),
  policy: 'none',
  tags: tagging<TaskDefinition>(),
})

function newest(ctx: Context, family: string): TaskDefinition | undefined {
  return ctx
    .table(taskDefinitions)
    .where(byFamily, family)
    .filter(({ status }) => status === 'ACTIVE')
    .sort((one, other) => other.revision - one.revision)[0]
}

export const kinds = [
  clusterKind,
  serviceKind,
  taskKind,
  taskSetKind,
  definitionKind,
  serviceDeploymentKind,
  serviceRevisionKind,
]
