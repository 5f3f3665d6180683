/** What ECS keeps: clusters, task definitions, services with their deployments or task sets, and tasks. Times are milliseconds since 1970. */
import type { Arn } from '../../../model/index.ts'
import type { Input, Output } from '../../kernel/api.ts'
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

type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : never

export type Strategy = NonNullable<Input<'ecs', 'CreateService'>['capacityProviderStrategy']>
export type NetworkConfiguration = Input<'ecs', 'CreateService'>['networkConfiguration']

export interface TaskDefinition {
  readonly family: string
  readonly revision: number
  readonly arn: Arn
  readonly status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS'
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
  readonly revision: Arn
  readonly settings: TaskSettings
  /** The target group of each load balancer that its tasks are registered with. */
  readonly groups: readonly Arn[]
  /** AWS: those in a row; none once a task runs. */
  readonly failedTasks: number
  /** No task is started before. */
  readonly notBefore: number
  /** AWS: a tag is resolved once for each deployment, by its first task. By image. */
  readonly digests: Readonly<Record<string, string>>
  readonly created: number
  readonly updated: number
}

/** What tasks are begun for: a deployment, or a task set. */
export type TaskSource = Pick<
  Deployment,
  'id' | 'taskDefinition' | 'settings' | 'failedTasks' | 'notBefore' | 'digests'
> &
  Partial<Pick<Deployment, 'groups'>>

export type Stage =
  | NonNullable<One<Output<'ecs', 'DescribeServiceDeployments'>['serviceDeployments']>['lifecycleStage']>
  // The client's type does not know it; the page "Amazon ECS blue/green service deployments workflow" does.
  | 'PRE_PRODUCTION_TRAFFIC_SHIFT'

type HookDetail = NonNullable<
  One<
    NonNullable<
      One<Output<'ecs', 'DescribeServiceDeployments'>['serviceDeployments']>
    >['lifecycleHookDetails']
  >
>

/** A lifecycle hook as it runs at a stage. */
export interface HookRun {
  readonly id: string
  /** Of the hook in the deployment's configuration. */
  readonly hook: number
  /** The stage, and which turn of it. */
  readonly turn: string
  readonly status: NonNullable<HookDetail['status']>
  /** What the function gave to get back. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly notBefore: number
  readonly expires: number
  readonly failure?: string
}

/** How far a deployment is that shifts traffic. */
export interface Shift {
  readonly stage: Stage
  readonly since: number
  /** Percent of the traffic that the new revision is to have. */
  readonly production: number
  readonly test: number
  /** Whether its tasks are to run. */
  readonly isUp: boolean
  readonly hooks: readonly HookRun[]
}

/** What a deployment brings, kept unchanged. */
export interface ServiceRevision {
  readonly arn: Arn
  readonly service: Arn
  readonly cluster: string
  readonly taskDefinition: Arn
  readonly settings: TaskSettings
  /** Of its tasks, as in Deployment. */
  readonly groups: readonly Arn[]
  readonly created: number
}

export interface Rollback {
  readonly reason: string
  readonly started: number
  readonly revision: Arn
  /** That the circuit breaker had counted until then. */
  readonly failures: number
}

/** The history of one deployment of a service, which outlasts it. */
export interface ServiceDeployment {
  readonly arn: Arn
  readonly service: Arn
  readonly cluster: string
  /** The id of the deployment that it brings. */
  readonly deployment: string
  /** Revisions that ran when it began. */
  readonly sources: readonly Arn[]
  /** The id of the deployment to go back to. */
  readonly source?: string
  /** Of one that is not rolling. */
  readonly shift?: Shift
  readonly target: Arn
  readonly status: NonNullable<One<Output<'ecs', 'ListServiceDeployments'>['serviceDeployments']>['status']>
  readonly statusReason?: string
  readonly configuration: Settings['deploymentConfiguration']
  /** Tasks of which deployments it counts, as they were at its end. */
  readonly counts?: Readonly<
    Record<Arn, { readonly runningTaskCount: number; readonly pendingTaskCount: number }>
  >
  /** That the circuit breaker counts, and whether it ended the deployment. */
  readonly failures: number
  readonly tripped?: boolean
  readonly threshold: number
  /** Alarms that sounded; not looked at where one did before it began. */
  readonly triggered: readonly string[]
  readonly ignoresAlarms: boolean
  /** Whether alarms have been looked at. */
  readonly looked?: boolean
  /** Since when nothing is left but to wait whether an alarm sounds. */
  readonly bakingSince?: number
  readonly rollback?: Rollback
  readonly created: number
  readonly finished?: number
  readonly stopped?: number
  readonly updated: number
}

export interface TaskSet extends TaskSource {
  readonly arn: Arn
  readonly service: Arn
  readonly cluster: string
  readonly status: 'PRIMARY' | 'ACTIVE' | 'DRAINING'
  readonly startedBy?: string
  readonly externalId?: string
  /** Percent of the service's tasks. */
  readonly scale: number
  readonly isStable: boolean
  readonly stableSince: number
  readonly clientToken?: string
  readonly created: number
  readonly updated: number
  readonly tags: Tags
}

export interface ServiceEvent {
  readonly id: string
  readonly at: number
  readonly message: string
}

/** Where and how tasks of a service run, besides their definition. */
export type TaskSettings = Pick<
  Input<'ecs', 'CreateService'>,
  'launchType' | 'capacityProviderStrategy' | 'platformVersion' | 'networkConfiguration' | 'loadBalancers'
>

/** What is asked of a service, besides its tasks' number and definition. */
export type Settings = TaskSettings &
  Pick<
    Input<'ecs', 'CreateService'>,
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
  readonly controller: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL'
  /** Of the primary deployment or task set; none before the first task set. */
  readonly taskDefinition?: Arn
  readonly settings: Settings
  /** The primary one first; none where another controller has task sets. */
  readonly deployments: readonly Deployment[]
  /** The service deployment that is under way. */
  readonly ongoing?: Arn
  /** Newest first. */
  readonly events: readonly ServiceEvent[]
  /** Whether its last event says that it is steady, or stuck. */
  readonly told?: 'steady' | 'stuck'
  readonly created: number
  readonly createdBy: Arn
  readonly clientToken?: string
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
  readonly exitCode?: number
  /** What its health check says. */
  readonly health?: 'HEALTHY' | 'UNHEALTHY'
}

/** Where a task is registered. */
export interface TaskTarget {
  readonly group: Arn
  readonly port: number
  /** The infrastructure role to work on the group with; the service-linked role without one. */
  readonly role?: Arn
  readonly state: 'initial' | 'healthy' | 'unhealthy'
  readonly reason?: string
}

/** The network interface of a task. */
export interface Attachment {
  readonly id: string
  readonly interface: string
  readonly subnet: string
  readonly ip: string
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
  /** The deployment or task set of a service's task. */
  readonly startedBy?: string
  /** The service of a service's task. */
  readonly service?: Arn
  readonly containers: readonly Container[]
  readonly attachment: Attachment
  readonly targets: readonly TaskTarget[]
  readonly overrides?: Input<'ecs', 'RunTask'>['overrides']
  readonly launch: { readonly launchType: 'FARGATE'; readonly capacityProviderName?: string }
  readonly version: number
  readonly created: number
  readonly pullStarted?: number
  readonly pullStopped?: number
  readonly started?: number
  readonly stopping?: number
  /** Whether it was taken off its targets. */
  readonly draining?: boolean
  /** Whether it has been healthy. */
  readonly wasReady?: boolean
  readonly stopped?: number
  readonly stopCode?:
    | 'TaskFailedToStart'
    | 'EssentialContainerExited'
    | 'UserInitiated'
    | 'ServiceSchedulerInitiated'
  readonly stoppedReason?: string
  readonly tags: Tags
}

export interface AccountSetting {
  readonly name: string
  readonly value: string
  /** Of the root user where it is the account's. */
  readonly principal: Arn
}

/** What RunTask was asked for with a token, so that it is done once. */
export interface TaskRequest {
  readonly asked: string
  readonly tasks: readonly Arn[]
  readonly until: number
}

/** By name. */
export const clusters = collection<Cluster>('ecs.clusters')
/** By family and revision: `family:7`. */
export const taskDefinitions = collection<TaskDefinition>('ecs.task-definitions')
/** The last revision of each family: numbers are not used again. */
export const families = collection<number>('ecs.families')
/** By ARN, as what follows. */
export const services = collection<Service>('ecs.services')
export const tasks = collection<Task>('ecs.tasks')

export const taskSets = collection<TaskSet>('ecs.task-sets')

export const serviceDeployments = collection<ServiceDeployment>('ecs.service-deployments')
export const serviceRevisions = collection<ServiceRevision>('ecs.service-revisions')

/** By principal and name. */
export const accountSettings = collection<AccountSetting>('ecs.account-settings')
/** By cluster and token. */
export const taskRequests = collection<TaskRequest>('ecs.task-requests')

export const byFamily: RecordIndex<TaskDefinition> = recordIndex(({ family }) => [family])
export const servicesIn: RecordIndex<Service> = recordIndex(({ cluster }) => [cluster])
export const tasksIn: RecordIndex<Task> = recordIndex(({ cluster }) => [cluster])
export const tasksOf: RecordIndex<Task> = recordIndex(({ service }) => (service ? [service] : []))
export const taskSetsOf: RecordIndex<TaskSet> = recordIndex(({ service }) => [service])
export const serviceDeploymentsOf: RecordIndex<ServiceDeployment> = recordIndex(({ service }) => [service])
export const serviceRevisionsOf: RecordIndex<ServiceRevision> = recordIndex(({ service }) => [service])
