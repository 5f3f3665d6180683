/** What CloudFormation remembers of stack sets: the sets, their instances, and what was done with them. */
import type { Arn } from '../../../../model/index.ts'
import type { BoundParameter } from '../../../../template/index.ts'
import { collection } from '../../../kernel/store.ts'

export interface AutoDeployment {
  readonly Enabled: boolean
  readonly RetainStacksOnAccountRemoval: boolean
}

export interface StackSet {
  /** `name:uuid` */
  readonly id: string
  readonly arn: Arn
  readonly name: string
  readonly description?: string
  readonly template: string
  readonly parameters: readonly BoundParameter[]
  readonly capabilities: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  readonly permissionModel: 'SELF_MANAGED' | 'SERVICE_MANAGED'
  /** Absent: the one that AWS takes by its name. */
  readonly administrationRole?: Arn
  readonly executionRole?: string
  readonly autoDeployment?: AutoDeployment
  readonly managedExecution: boolean
  /** Units that it was deployed to, and the regions there. */
  readonly units: readonly string[]
  readonly regions: readonly string[]
  readonly deleted?: boolean
}

export interface Parameter {
  readonly ParameterKey: string
  readonly ParameterValue: string
}

/** One stack of a set, by its account and region. */
export interface StackInstance {
  readonly account: string
  readonly region: string
  /** What its stack is called, also before there is one. */
  readonly stackName: string
  readonly stackId?: Arn
  readonly status: 'CURRENT' | 'OUTDATED' | 'INOPERABLE'
  readonly detailed: ResultStatus | 'INOPERABLE'
  readonly reason?: string
  readonly overrides: readonly Parameter[]
  readonly unit?: string
  readonly lastOperation?: string
}

export type ResultStatus = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED'

export interface Preferences {
  readonly RegionConcurrencyType?: 'SEQUENTIAL' | 'PARALLEL'
  readonly RegionOrder?: readonly string[]
  readonly FailureToleranceCount?: number
  readonly FailureTolerancePercentage?: number
  readonly MaxConcurrentCount?: number
  readonly MaxConcurrentPercentage?: number
  readonly ConcurrencyMode?: 'STRICT_FAILURE_TOLERANCE' | 'SOFT_FAILURE_TOLERANCE'
}

/** What an operation does with one instance, and how that stands. */
export interface Result {
  readonly account: string
  readonly region: string
  readonly status: ResultStatus
  readonly reason?: string
  readonly unit?: string
}

export interface SetOperation {
  readonly id: string
  readonly set: string
  /** Order of arrival. */
  readonly number: number
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPING' | 'STOPPED' | 'QUEUED'
  readonly statusReason?: string
  readonly preferences: Preferences
  /** In the order in which they come. */
  readonly regions: readonly string[]
  readonly results: readonly Result[]
  readonly retain: boolean
  readonly targets?: Readonly<Record<string, unknown>>
  readonly administrationRole?: Arn
  readonly executionRole?: string
  readonly created: number
  readonly ended?: number
}

/** By id. */
export const stackSets = collection<StackSet>('cloudformation.stack-sets')
/** The id of the set that holds a name now. */
export const stackSetNames = collection<string>('cloudformation.stack-set-names')
/** Of one set, by account and region. */
export const instancesOf = (set: string) => collection<StackInstance>(`cloudformation.stack-instances ${set}`)
/** Of one set, by id. */
export const operationsOf = (set: string) =>
  collection<SetOperation>(`cloudformation.stack-set-operations ${set}`)

export const instanceKey = ({
  account,
  region,
}: {
  readonly account: string
  readonly region: string
}): string => `${account}/${region}`
