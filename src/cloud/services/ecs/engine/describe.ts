/** Tasks, clusters and task definitions, as ECS describes them. */
import type { Output } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Tags } from '../../../kernel/tags.ts'
import { clusterArn } from '../kinds.ts'
import { type Task, type TaskDefinition, type TaskSettings, taskDefinitions } from '../state.ts'

type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : never
type DescribedTask = One<Output<'ecs', 'DescribeTasks'>['tasks']>
type DescribedDefinition = NonNullable<Output<'ecs', 'DescribeTaskDefinition'>['taskDefinition']>

/** AWS: the platform that LATEST means. */
export const PLATFORM = '1.4.0'

export const date = (at: number | undefined): Date | undefined =>
  at === undefined ? undefined : new Date(at)

export const tagPairsOf = (tags: Tags): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }))

/** AWS: the interface goes before the task is stopped. */
const describeAttachment = ({ attachment, status }: Task) => ({
  id: attachment.id,
  type: 'ElasticNetworkInterface',
  status: status === 'PROVISIONING' ? 'ATTACHING' : status === 'STOPPED' ? 'DELETED' : 'ATTACHED',
  details: [
    { name: 'subnetId', value: attachment.subnet },
    { name: 'networkInterfaceId', value: attachment.interface },
    { name: 'privateDnsName', value: `ip-${attachment.ip.replaceAll('.', '-')}.ec2.internal` },
    { name: 'privateIPv4Address', value: attachment.ip },
  ],
})

const isRunning = ({ status }: Task): boolean => status === 'RUNNING'
const isPending = ({ status, desired }: Task): boolean =>
  desired === 'RUNNING' && (status === 'PROVISIONING' || status === 'PENDING' || status === 'ACTIVATING')

export const countsOf = (all: readonly Task[]) => ({
  runningCount: all.filter(isRunning).length,
  pendingCount: all.filter(isPending).length,
})

/** AWS: containers know fewer states than their task. */
const containerStatus = ({ status }: Task): string =>
  status === 'RUNNING' || status === 'STOPPED' ? status : status === 'STOPPING' ? 'RUNNING' : 'PENDING'

/** AWS: the worst of the essential containers that have a check. */
function healthOf({ containers }: Task, definition: TaskDefinition | undefined) {
  const checked = (definition?.definition.containerDefinitions ?? [])
    .filter(({ essential, healthCheck }) => essential !== false && healthCheck)
    .map(({ name }) => containers.find((one) => one.name === name)?.health)
  if (checked.includes('UNHEALTHY')) return 'UNHEALTHY'
  return checked.length && checked.every((one) => one === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN'
}

export function describeTask(ctx: Context, task: Task, withTags = false): DescribedTask {
  const definition = ctx
    .table(taskDefinitions)
    .get(task.taskDefinition.slice(task.taskDefinition.lastIndexOf('/') + 1))
  return {
    taskArn: task.arn,
    clusterArn: clusterArn(ctx, task.cluster),
    taskDefinitionArn: task.taskDefinition,
    lastStatus: task.status,
    desiredStatus: task.desired,
    group: task.group,
    startedBy: task.startedBy,
    ...task.launch,
    platformVersion: PLATFORM,
    platformFamily: 'Linux',
    cpu: definition?.definition.cpu,
    memory: definition?.definition.memory,
    overrides: (task.overrides as DescribedTask['overrides']) ?? {
      containerOverrides: task.containers.map(({ name }) => ({ name })),
    },
    connectivity: 'CONNECTED',
    healthStatus: healthOf(task, definition),
    enableExecuteCommand: false,
    attachments: [describeAttachment(task)],
    version: task.version,
    containers: task.containers.map(({ id, name, image, digest, reason, exitCode, health }) => ({
      containerArn: `${task.arn.replace(':task/', ':container/')}/${id}`,
      taskArn: task.arn,
      name,
      image,
      imageDigest: digest,
      reason,
      exitCode,
      lastStatus: exitCode === undefined ? containerStatus(task) : 'STOPPED',
      healthStatus: health ?? 'UNKNOWN',
      networkInterfaces: [{ attachmentId: task.attachment.id, privateIpv4Address: task.attachment.ip }],
    })),
    createdAt: date(task.created),
    pullStartedAt: date(task.pullStarted),
    pullStoppedAt: date(task.pullStopped),
    startedAt: date(task.started),
    stoppingAt: date(task.stopping),
    stoppedAt: date(task.stopped),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    ...(withTags ? { tags: tagPairsOf(task.tags) } : {}),
  }
}

export const launchOf = (settings: TaskSettings) =>
  settings.capacityProviderStrategy?.length
    ? { capacityProviderStrategy: settings.capacityProviderStrategy }
    : { launchType: 'FARGATE' as const }

export function describeDefinition(one: TaskDefinition): DescribedDefinition {
  const { definition } = one
  const isFargate = definition.networkMode === 'awsvpc' && definition.cpu && definition.memory
  return {
    ...definition,
    taskDefinitionArn: one.arn,
    revision: one.revision,
    status: one.status,
    compatibilities: isFargate ? ['EC2', 'FARGATE'] : ['EC2'],
    registeredAt: new Date(one.registered),
    deregisteredAt: date(one.deregistered),
    registeredBy: one.registeredBy,
    // The client's type of an input and of an output differ in members that are not on the wire.
  } as DescribedDefinition
}
