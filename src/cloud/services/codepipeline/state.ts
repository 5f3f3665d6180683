/** What CodePipeline keeps: pipelines, and for each of them its executions, action executions and jobs. */
import type { ActionTypeId, Arn, PipelineDeclaration } from '../../../model/index.ts'
import type { RegisteredType } from '../../../pipeline/index.ts'
import type { Input } from '../../kernel/api.ts'
import { type Collection, collection } from '../../kernel/store.ts'
import type { Tags } from '../../kernel/tags.ts'

type ActionTypeDeclaration = Input<'codepipeline', 'UpdateActionType'>['actionType']

export interface StoredPipeline {
  readonly name: string
  readonly arn: Arn
  /** The current version, with its number. */
  readonly declaration: PipelineDeclaration
  /** Every version, oldest first. */
  readonly versions: readonly PipelineDeclaration[]
  /** Milliseconds since 1970, as all times here. */
  readonly created: number
  readonly updated: number
  readonly tags: Readonly<Record<string, string>>
  /** Transitions into a stage that somebody has touched, by the stage's name. */
  readonly transitions: Readonly<Record<string, Transition>>
}

export interface Transition {
  readonly enabled: boolean
  readonly changedBy: Arn
  readonly changedAt: number
  readonly reason?: string
}

export type ExecutionStatus =
  | 'Cancelled'
  | 'InProgress'
  | 'Stopped'
  | 'Stopping'
  | 'Succeeded'
  | 'Superseded'
  | 'Failed'

export interface Trigger {
  readonly type:
    | 'CreatePipeline'
    | 'StartPipelineExecution'
    | 'PollForSourceChanges'
    | 'Webhook'
    | 'CloudWatchEvent'
    | 'WebhookV2'
    | 'ManualRollback'
  readonly detail: string
}

export interface SourceOverride {
  readonly actionName: string
  readonly revisionType: string
  readonly revisionValue: string
  /** The branch that was pushed to, where it may differ from the action's. */
  readonly branch?: string
}

export interface Execution {
  readonly id: string
  /** Order of arrival. */
  readonly number: number
  /** The version it was started with; it keeps to it. */
  readonly declaration: PipelineDeclaration
  readonly type: 'STANDARD' | 'ROLLBACK'
  readonly rollbackTarget?: string
  readonly status: ExecutionStatus
  readonly statusSummary?: string
  readonly started: number
  readonly updated: number
  readonly trigger: Trigger
  readonly clientRequestToken?: string
  readonly variables: Readonly<Record<string, string>>
  readonly overrides: readonly SourceOverride[]
  /** Index of the stage that it waits for, runs in, or ended in. */
  readonly stage: number
  /** Whether it waits in front of that stage. */
  readonly waiting: boolean
  readonly stages: Readonly<Record<string, StageRun>>
  readonly artifacts: Readonly<Record<string, Artifact>>
  /** Output variables by namespace. */
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly stop?: { readonly abandon: boolean; readonly reason?: string }
  /** Set when the pipeline was changed under it: it ends once what runs has ended. */
  readonly cancelled?: boolean
  /** Artifact buckets looked at, by region. */
  readonly buckets: Readonly<Record<string, { readonly versioned: boolean }>>
}

export type StageStatus = 'Cancelled' | 'InProgress' | 'Failed' | 'Stopped' | 'Stopping' | 'Succeeded'

export interface StageRun {
  readonly status: StageStatus
  readonly entered: number
  /** Latest execution of each action, by its name. */
  readonly actions: Readonly<Record<string, string>>
  readonly manualRetries: number
}

export interface ArtifactPlace {
  readonly bucket: string
  readonly key: string
  readonly versionId?: string
}

/** Where a source artifact came from. */
export interface Revision {
  readonly id: string
  readonly summary?: string
  readonly url?: string
  readonly changeIdentifier?: string
  readonly created: number
}

export interface Artifact {
  readonly name: string
  readonly action: string
  /** The region it was made in. */
  readonly region: string
  /** The object in each region's bucket that holds it. */
  readonly places: Readonly<Record<string, ArtifactPlace>>
  readonly revision?: Revision
}

export interface ArtifactAt extends ArtifactPlace {
  readonly name: string
}

export interface ActionRun {
  readonly id: string
  readonly executionId: string
  readonly stage: string
  readonly action: string
  readonly status: 'InProgress' | 'Abandoned' | 'Succeeded' | 'Failed'
  readonly started: number
  readonly updated: number
  readonly updatedBy?: Arn
  /** Configuration with variables resolved. */
  readonly resolved: Readonly<Record<string, string>>
  readonly inputs: readonly ArtifactAt[]
  readonly outputs: readonly ArtifactAt[]
  readonly variables: Readonly<Record<string, string>>
  readonly external?: External
  readonly error?: { readonly code: string; readonly message: string }
  /** What the provider needs to go on where it was after a crash. */
  readonly progress?: Readonly<Record<string, unknown>>
}

/** What the provider calls the work, and how it stands. */
export interface External {
  readonly id?: string
  readonly url?: string
  readonly summary?: string
  readonly percentComplete?: number
  readonly logStreamArn?: Arn
}

export interface JobPlace {
  readonly account: string
  readonly region: string
}

export type JobStatus = 'Queued' | 'Dispatched' | 'InProgress' | 'TimedOut' | 'Succeeded' | 'Failed'

/** A job handed to a Lambda function, or to whoever polls for jobs of an action type. */
export interface Job {
  /** Where the pipeline is. */
  readonly home: JobPlace
  /** Where the function is; where the pipeline is for job workers. */
  readonly worker: JobPlace
  readonly id: string
  readonly pipeline: string
  readonly executionId: string
  readonly actionRunId: string
  readonly status: JobStatus
  readonly continuationToken?: string
  /** Of a job that is polled for: whoever got it with the latest nonce may take it. */
  readonly polled?: { readonly type: ActionTypeId; readonly nonce?: string }
  /** Of a partner's job: the secret of whoever took it. */
  readonly clientToken?: string
}

/** A custom action type, or a partner's. */
export interface StoredActionType extends RegisteredType {
  readonly arn: Arn
  readonly settings: ActionTypeSettings
  readonly properties: readonly (RegisteredType['properties'][number] & {
    readonly description?: string
    readonly valueType?: 'String' | 'Number' | 'Boolean'
  })[]
  readonly tags: Tags
  /** AWS: a version that was deleted can never be made again. */
  readonly deleted?: boolean
  /** A partner's: who may use it, who may poll for its jobs, and what else it was declared with. */
  readonly partner?: {
    readonly declaration: ActionTypeDeclaration
    readonly allowedAccounts: readonly string[]
    readonly pollingAccounts: readonly string[]
  }
}

export interface ActionTypeSettings {
  readonly thirdPartyConfigurationUrl?: string
  readonly entityUrlTemplate?: string
  readonly executionUrlTemplate?: string
  readonly revisionUrlTemplate?: string
}

export interface StoredWebhook {
  readonly name: string
  readonly arn: Arn
  readonly definition: WebhookDefinition
  /** What its URL is known by. */
  readonly secretPath: string
  readonly registered: boolean
  readonly lastTriggered?: number
  readonly error?: { readonly code: string; readonly message: string }
  readonly tags: Tags
}

export interface WebhookDefinition {
  readonly name: string
  readonly targetPipeline: string
  readonly targetAction: string
  readonly filters: readonly { readonly jsonPath: string; readonly matchEquals?: string }[]
  readonly authentication: 'GITHUB_HMAC' | 'IP' | 'UNAUTHENTICATED'
  readonly authenticationConfiguration: { readonly AllowedIPRange?: string; readonly SecretToken?: string }
}

export const pipelines = collection<StoredPipeline>('codepipeline.pipelines')
export const jobs = collection<Job>('codepipeline.jobs')
/** By category, provider and version. */
export const actionTypes = collection<StoredActionType>('codepipeline.action-types')
export const webhooks = collection<StoredWebhook>('codepipeline.webhooks')

/** There may be thousands, all of the same few declarations, which their pipeline holds. */
export type StoredExecution = Omit<Execution, 'declaration'> & { readonly version: number }

/** The executions of one pipeline. */
export const executionsOf = (pipeline: string): Collection<StoredExecution> =>
  collection(`codepipeline.executions.${pipeline}`)

/** The action executions of one pipeline. */
export const actionRunsOf = (pipeline: string): Collection<ActionRun> =>
  collection(`codepipeline.actions.${pipeline}`)
