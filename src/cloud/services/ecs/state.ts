/** What ECS keeps: clusters, task definitions, services with their deployments, and tasks. Times are milliseconds since 1970. */
import type { Arn } from '../../../model/index.ts'
import type { Input } from '../../kernel/api.ts'
import { collection } from '../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../kernel/store-index.ts'
import type { Tags } from '../../kernel/tags.ts'

export interface Cluster {
  readonly name: string
  readonly arn: Arn
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly settings: Input<'ecs', 'CreateCluster'>['settings']
  readonly capacityProviders: readonly string[]
  readonly strategy: Strategy
  readonly tags: Tags
}

export type Strategy = NonNullable<Input<'ecs', 'CreateService'>['capacityProviderStrategy']>
export type NetworkConfiguration = Input<'ecs', 'CreateService'>['networkConfiguration']

export interface TaskDefinition {
  readonly family: string
  readonly revision: number
  readonly arn: Arn
  readonly status: 'ACTIVE' | 'INACTIVE'
  /** As it was registered, with what ECS adds. */
  readonly definition: Omit<Input<'ecs', 'RegisterTaskDefinition'>, 'tags'>
  readonly registered: number
  readonly deregistered?: number
  readonly registeredBy: Arn
  readonly tags: Tags
}

export interface Deployment {
  /** `ecs-svc/` and 19 digits. */
  readonly id: string
  readonly status: 'PRIMARY' | 'ACTIVE'
  readonly taskDefinition: Arn
  readonly rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'
  readonly rolloutStateReason: string
  /** AWS: those in a row; none once a task runs. */
  readonly failedTasks: number
  /** No task is started before. */
  readonly notBefore: number
  /** AWS: a tag is resolved once for each deployment, by its first task. By image. */
  readonly digests: Readonly<Record<string, string>>
  readonly created: number
  readonly updated: number
}

export interface ServiceEvent {
  readonly id: string
  readonly at: number
  readonly message: string
}

/** What is asked of a service, besides its tasks' number and definition. */
export type Settings = Pick<
  Input<'ecs', 'CreateService'>,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'platformVersion'
  | 'networkConfiguration'
  | 'deploymentConfiguration'
  | 'healthCheckGracePeriodSeconds'
  | 'enableECSManagedTags'
  | 'propagateTags'
  | 'availabilityZoneRebalancing'
>

export interface Service {
  readonly name: string
  readonly arn: Arn
  readonly cluster: string
  readonly status: 'ACTIVE' | 'DRAINING' | 'INACTIVE'
  readonly desiredCount: number
  /** Of the primary deployment. */
  readonly taskDefinition: Arn
  readonly settings: Settings
  /** The primary one first. */
  readonly deployments: readonly Deployment[]
  /** Newest first. */
  readonly events: readonly ServiceEvent[]
  /** Whether its last event says that it is steady, or stuck. */
  readonly told?: 'steady' | 'stuck'
  readonly created: number
  readonly createdBy: Arn
  readonly tags: Tags
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'

export interface Container {
  readonly id: string
  readonly name: string
  readonly image: string
  readonly digest?: string
  readonly reason?: string
}

export interface Task {
  readonly id: string
  readonly arn: Arn
  readonly cluster: string
  readonly taskDefinition: Arn
  readonly status: TaskStatus
  readonly desired: 'RUNNING' | 'STOPPED'
  /** `service:NAME` or `family:NAME`, or what RunTask was told. */
  readonly group: string
  /** The deployment of a service's task. */
  readonly startedBy?: string
  /** The service of a service's task. */
  readonly service?: Arn
  readonly containers: readonly Container[]
  readonly overrides?: Input<'ecs', 'RunTask'>['overrides']
  readonly launch: { readonly launchType: 'FARGATE'; readonly capacityProviderName?: string }
  readonly version: number
  readonly created: number
  readonly pullStarted?: number
  readonly pullStopped?: number
  readonly started?: number
  readonly stopping?: number
  readonly stopped?: number
  readonly stopCode?: 'TaskFailedToStart' | 'UserInitiated' | 'ServiceSchedulerInitiated'
  readonly stoppedReason?: string
  readonly tags: Tags
}

/** By name. */
export const clusters = collection<Cluster>('ecs.clusters')
/** By family and revision: `family:7`. */
export const taskDefinitions = collection<TaskDefinition>('ecs.task-definitions')
/** The last revision of each family: numbers are not used again. */
export const families = collection<number>('ecs.families')
/** By ARN, as tasks. */
export const services = collection<Service>('ecs.services')
export const tasks = collection<Task>('ecs.tasks')

export const byFamily: RecordIndex<TaskDefinition> = recordIndex(({ family }) => [family])
export const servicesIn: RecordIndex<Service> = recordIndex(({ cluster }) => [cluster])
export const tasksIn: RecordIndex<Task> = recordIndex(({ cluster }) => [cluster])
export const tasksOf: RecordIndex<Task> = recordIndex(({ service }) => (service ? [service] : []))
