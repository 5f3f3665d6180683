/** What CodeDeploy keeps: applications, their revisions and groups, configurations, and deployments. Times are milliseconds since 1970. */
import type { Arn } from '../../../model/index.ts'
import type { Input, Output } from '../../kernel/api.ts'
import { collection } from '../../kernel/store.ts'
import { type RecordIndex, recordIndex } from '../../kernel/store-index.ts'
import type { Tags } from '../../kernel/tags.ts'

/** AWS has Server besides, which the embedded cloud has no instances for. */
export type Platform = 'Lambda' | 'ECS'

export type RevisionLocation = NonNullable<Input<'codedeploy', 'CreateDeployment'>['revision']>
export type DeploymentInfo = NonNullable<Output<'codedeploy', 'GetDeployment'>['deploymentInfo']>
export type DeploymentStatus = NonNullable<DeploymentInfo['status']>
export type ErrorCode = NonNullable<NonNullable<DeploymentInfo['errorInformation']>['code']>
export type RoutingConfiguration = NonNullable<
  Input<'codedeploy', 'CreateDeploymentConfig'>['trafficRoutingConfig']
>
/** What a group says, besides its names and its tags. */
export type GroupSettings = Pick<
  Input<'codedeploy', 'CreateDeploymentGroup'>,
  | 'triggerConfigurations'
  | 'alarmConfiguration'
  | 'autoRollbackConfiguration'
  | 'deploymentStyle'
  | 'blueGreenDeploymentConfiguration'
  | 'loadBalancerInfo'
  | 'ecsServices'
>
export type AlarmConfiguration = NonNullable<GroupSettings['alarmConfiguration']>
export type RollbackConfiguration = NonNullable<GroupSettings['autoRollbackConfiguration']>
export type RollbackEvent = NonNullable<RollbackConfiguration['events']>[number]

export interface Application {
  readonly name: string
  readonly id: string
  readonly platform: Platform
  readonly created: number
  readonly tags: Tags
}

export interface Configuration {
  readonly name: string
  readonly id: string
  readonly platform: Platform
  readonly routing: RoutingConfiguration
  readonly created: number
}

export interface Group {
  readonly application: string
  readonly name: string
  readonly id: string
  readonly configuration: string
  readonly roleArn: Arn
  readonly settings: GroupSettings
  /** The last deployments: one that was begun, and one that succeeded. */
  readonly attempted?: string
  readonly succeeded?: string
  readonly tags: Tags
}

export interface Revision {
  readonly application: string
  readonly location: RevisionLocation
  readonly description?: string
  readonly registered: number
  readonly firstUsed?: number
  readonly lastUsed?: number
  readonly groups: readonly string[]
}

export type EventStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'Skipped'

export interface LifecycleEvent {
  readonly name: string
  readonly status: EventStatus
  readonly started?: number
  readonly ended?: number
  /** Why it failed. */
  readonly message?: string
}

/** A function that was told of a lifecycle event and has to answer. */
export interface HookExecution {
  readonly id: string
  readonly event: string
  readonly function: string
  readonly until: number
  readonly invoked: boolean
  readonly answer?: 'Succeeded' | 'Failed'
  /** Why it can give no answer any more. */
  readonly why?: string
}

/** What moves traffic of a Lambda deployment, as its AppSpec names it. */
export interface LambdaSpec {
  readonly platform: 'Lambda'
  readonly target: string
  readonly function: string
  readonly alias: string
  readonly current: string
  readonly version: string
  readonly hooks: Hooks
}

type TaskSetInput = Input<'ecs', 'CreateTaskSet'>

export interface EcsSpec {
  readonly platform: 'ECS'
  readonly taskDefinition: string
  readonly container: string
  readonly port: number
  readonly platformVersion?: string
  readonly network?: TaskSetInput['networkConfiguration']
  readonly strategy?: TaskSetInput['capacityProviderStrategy']
  readonly hooks: Hooks
}

/** The function of each lifecycle event that has one. */
export type Hooks = Readonly<Record<string, string>>

/** The two task sets of an ECS deployment; a target group is named by its ARN, and told by its name. */
export interface TaskSets {
  readonly blue: string
  readonly blueGroup: string
  readonly green?: string
  readonly greenGroup: string
  readonly desired: number
}

export interface Deployment {
  /** `d-` and nine characters. */
  readonly id: string
  readonly application: string
  readonly group: string
  readonly groupId: string
  readonly platform: Platform
  readonly configuration: string
  readonly routing: RoutingConfiguration
  readonly revision: RevisionLocation
  readonly previous?: RevisionLocation
  readonly description?: string
  readonly creator: 'user' | 'codeDeployRollback'
  /** As they were when it began. */
  readonly roleArn: Arn
  readonly settings: GroupSettings
  readonly rollback?: RollbackConfiguration
  readonly alarms?: AlarmConfiguration
  readonly overridesAlarms?: AlarmConfiguration
  readonly status: DeploymentStatus
  readonly created: number
  readonly started?: number
  readonly completed?: number
  readonly error?: { readonly code: ErrorCode; readonly message: string }
  readonly spec?: LambdaSpec | EcsSpec
  readonly events: readonly LifecycleEvent[]
  readonly hook?: HookExecution
  /** Executions of hooks that were answered. */
  readonly answeredHooks?: readonly string[]
  readonly taskSets?: TaskSets
  /** Percent of the traffic that goes to what is deployed. */
  readonly weight: number
  /** When the next shift is due. */
  readonly shiftAt?: number
  /** Until when somebody may have it go on, and whether somebody has. */
  readonly readyUntil?: number
  readonly continued?: boolean
  /** When what was deployed before is removed. */
  readonly terminateAt?: number
  /** Somebody has asked it to stop. */
  readonly stop?: { readonly rollback?: boolean }
  readonly rollbackDeployment?: string
  /** Of a rollback: the deployment that it takes back. */
  readonly takesBack?: string
  readonly rollbackMessage?: string
  /** In the course of what it was created: a pipeline's action. */
  readonly cause?: string
}

/** By name. */
export const applications = collection<Application>('codedeploy.applications')
export const configurations = collection<Configuration>('codedeploy.configurations')
/** By application and name: `shop/web`. */
export const groups = collection<Group>('codedeploy.groups')
/** By application and the digest of the location. */
export const revisions = collection<Revision>('codedeploy.revisions')
/** By id. */
export const deployments = collection<Deployment>('codedeploy.deployments')

export const groupsOf: RecordIndex<Group> = recordIndex(({ application }) => [application])
export const revisionsOf: RecordIndex<Revision> = recordIndex(({ application }) => [application])
export const deploymentsOf: RecordIndex<Deployment> = recordIndex(({ application, group }) => [
  `${application}/${group}`,
])

/** Whether a deployment has come to its end. */
export const isOver = ({ status }: Pick<Deployment, 'status'>): boolean =>
  status === 'Succeeded' || status === 'Failed' || status === 'Stopped'
