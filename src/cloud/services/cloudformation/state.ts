/** What CloudFormation remembers: stacks, their resources and events, and change sets. */
import type { Arn } from '../../../model/index.ts'
import type { BoundParameter, EvaluatedOutput } from '../../../template/index.ts'
import type { Identity } from '../../kernel/identity.ts'
import { collection } from '../../kernel/store.ts'
import { recordIndex } from '../../kernel/store-index.ts'

export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | `${'CREATE' | 'ROLLBACK' | 'DELETE' | 'UPDATE' | 'UPDATE_ROLLBACK'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | `IMPORT_${'IN_PROGRESS' | 'COMPLETE'}`
  | `IMPORT_ROLLBACK_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'

export type ResourceStatus =
  | `${'CREATE' | 'DELETE' | 'IMPORT' | 'UPDATE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'DELETE_SKIPPED'

/** What an update sets and its rollback restores. */
export interface StackVersion {
  /** The template as it was handed in. */
  readonly template: string
  readonly parameters: readonly BoundParameter[]
  readonly tags: Readonly<Record<string, string>>
  readonly capabilities: readonly string[]
  readonly outputs: readonly EvaluatedOutput[]
  /** Names of the exports that the stack imports. */
  readonly imports: readonly string[]
  readonly description?: string
}

export interface Stack extends StackVersion {
  readonly id: Arn
  readonly name: string
  readonly status: StackStatus
  readonly statusReason?: string
  readonly createdAt: number
  readonly updatedAt?: number
  readonly deletedAt?: number
  readonly roleArn?: Arn
  readonly notificationArns: readonly Arn[]
  readonly disableRollback: boolean
  readonly onFailure: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE'
  readonly retainExceptOnCreate: boolean
  readonly timeoutInMinutes?: number
  readonly terminationProtection: boolean
  readonly policy?: string
  readonly changeSetId?: Arn
  readonly parentId?: Arn
  readonly rootId?: Arn
  /** The last good version while an update is under way, failed, or is being rolled back. */
  readonly previous?: StackVersion
  readonly operation?: StackOperation
}

/** The operation under way or the last one; with the resources' own records it is all that a resumed run needs. */
export interface StackOperation {
  readonly id: string
  readonly startedAt: number
  /** Whoever asked for it; resources are made with this identity where the stack has no role. */
  readonly identity: Identity
  readonly clientRequestToken?: string
  readonly cancelled?: boolean
  /** Logical ids that a deletion leaves alone, or that a continued rollback skips. */
  readonly leave?: readonly string[]
  /** The status to fall back to when a deletion turns out to be impossible. */
  readonly statusBefore?: StackStatus
}

/** A resource as it stands in its service. */
export interface Physical {
  readonly id: string
  /** Properties with intrinsic functions resolved; dynamic references still stand in them. */
  readonly declared: Readonly<Record<string, unknown>>
  /** With dynamic references resolved, where there are any. */
  readonly resolved?: Readonly<Record<string, unknown>>
  readonly attributes: Readonly<Record<string, unknown>>
  readonly stackTags: Readonly<Record<string, string>>
  readonly dependsOn: readonly string[]
}

export interface StackResource {
  readonly logicalId: string
  readonly type: string
  readonly status: ResourceStatus
  readonly reason?: string
  readonly updatedAt: number
  readonly physical?: Physical
  /** Absent outside an update: what the operation did to it so far. */
  readonly change?: 'created' | 'updated' | 'replaced'
  /** Whether the operation took it over: nobody deletes it when that is rolled back. */
  readonly imported?: boolean
  /** What stood before the update. */
  readonly previous?: Physical
  /** Replaced or rolled back, still to be deleted. */
  readonly leftovers?: readonly Physical[]
  readonly deletionPolicy?: string
  readonly updateReplacePolicy?: string
  readonly recorded: boolean
  /** The operation that could not make or change it: one that a kill interrupted does not try again. */
  readonly failedIn?: string
}

export interface StackEvent {
  readonly id: string
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly time: number
  readonly status: string
  readonly reason?: string
  readonly properties?: string
  readonly clientRequestToken?: string
  readonly operationId?: string
}

export interface ChangeSet extends Omit<StackVersion, 'outputs' | 'imports'> {
  readonly id: Arn
  readonly name: string
  readonly stackId: Arn
  readonly stackName: string
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT'
  readonly setDescription?: string
  readonly createdAt: number
  readonly status: 'CREATE_PENDING' | 'CREATE_IN_PROGRESS' | 'CREATE_COMPLETE' | 'FAILED'
  readonly statusReason?: string
  readonly executionStatus:
    | 'UNAVAILABLE'
    | 'AVAILABLE'
    | 'EXECUTE_IN_PROGRESS'
    | 'EXECUTE_COMPLETE'
    | 'EXECUTE_FAILED'
    | 'OBSOLETE'
  readonly roleArn?: Arn
  readonly notificationArns: readonly Arn[]
  readonly onStackFailure?: 'ROLLBACK' | 'DO_NOTHING' | 'DELETE'
  readonly clientToken?: string
  /** Whether it takes over what stands already under the names that the template gives. */
  readonly importsExisting?: boolean
  /** What an import takes over. */
  readonly toImport?: readonly {
    readonly logicalId: string
    readonly identifier: Readonly<Record<string, string>>
  }[]
  /** Whether it has sets for the nested stacks too. */
  readonly includesNested?: boolean
  /** Of a nested stack: the set of the stack around it, that of the outermost one, and its logical id within. */
  readonly nestedIn?: { readonly parentId: Arn; readonly rootId: Arn; readonly logicalId: string }
  readonly changes: readonly ResourceChange[]
}

export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove' | 'Import'
  readonly logicalId: string
  readonly physicalId?: string
  readonly type: string
  readonly replacement?: 'True' | 'False' | 'Conditional'
  readonly policyAction?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain'
  readonly scope: readonly string[]
  readonly details: readonly ChangeDetail[]
  readonly before?: string
  readonly after?: string
  /** The set that says what becomes of a nested stack. */
  readonly changeSetId?: Arn
}

export interface ChangeDetail {
  readonly attribute: 'Properties' | 'Metadata' | 'Tags' | 'DeletionPolicy' | 'UpdateReplacePolicy'
  readonly name?: string
  readonly requiresRecreation: 'Never' | 'Conditionally' | 'Always'
  readonly evaluation: 'Static' | 'Dynamic'
  readonly source:
    | 'DirectModification'
    | 'ParameterReference'
    | 'ResourceReference'
    | 'ResourceAttribute'
    | 'Automatic'
  readonly causingEntity?: string
  readonly before?: string
  readonly after?: string
}

/** How one property differs from what the template says. */
export interface PropertyDrift {
  /** `/Policies/0/PolicyName` */
  readonly path: string
  readonly expected: string
  readonly actual: string
  readonly type: 'ADD' | 'REMOVE' | 'NOT_EQUAL'
}

export interface ResourceDrift {
  readonly logicalId: string
  readonly physicalId: string
  readonly type: string
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED' | 'NOT_CHECKED'
  readonly at: number
  /** The properties that were compared, as JSON. */
  readonly expected?: string
  readonly actual?: string
  readonly differences: readonly PropertyDrift[]
}

/** What a look at a stack's resources found. */
export interface DriftDetection {
  readonly id: string
  readonly stackId: Arn
  readonly at: number
  readonly resources: readonly ResourceDrift[]
  /** How many of them differ. */
  readonly drifted: number
  readonly failure?: string
}

/** By stack id; deleted stacks stay. */
export const stacks = collection<Stack>('cloudformation.stacks')
/** Stacks by the names that they export and import, what a rollback would bring back included. */
export const stacksByExport = recordIndex<Stack>((stack) =>
  stack.outputs.flatMap(({ exportName }) => exportName ?? []),
)
export const stacksByImport = recordIndex<Stack>((stack) => [
  ...stack.imports,
  ...(stack.previous?.imports ?? []),
])
/** The id of the stack that holds a name now. */
export const stackNames = collection<Arn>('cloudformation.stack-names')
/** By change set id. */
export const changeSets = collection<ChangeSet>('cloudformation.change-sets')
export const changeSetsByStack = recordIndex<ChangeSet>((set) => [set.stackId])
export const changeSetsByParent = recordIndex<ChangeSet>((set) =>
  set.nestedIn ? [set.nestedIn.parentId] : [],
)

/** The last detection of each stack, by the stack's id, and every one by its own. */
export const drifts = collection<DriftDetection>('cloudformation.drifts')
export const driftDetections = collection<DriftDetection>('cloudformation.drift-detections')

/** The resources of one stack, by logical id. */
export const resourcesOf = (stackId: Arn) => collection<StackResource>(`cloudformation.resources ${stackId}`)
/** The events of one stack, oldest first, by their running number. */
export const eventsOf = (stackId: Arn) => collection<StackEvent>(`cloudformation.events ${stackId}`)

/** AWS: functions PUT what became of a custom resource to a bucket of this name and the region, without its hyphens. */
export const RESPONSE_BUCKET = 'cloudformation-custom-resource-response-'
