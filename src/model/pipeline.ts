/** A CodePipeline pipeline as CreatePipeline takes it. AWS: PipelineDeclaration of the CodePipeline API. */

/** AWS: actions have all but `Rule`, which the rules of conditions have. */
export type ActionCategory =
  | 'Source'
  | 'Build'
  | 'Deploy'
  | 'Test'
  | 'Invoke'
  | 'Approval'
  | 'Compute'
  | 'Rule'

export interface ActionTypeId {
  readonly category: ActionCategory
  readonly owner: 'AWS' | 'ThirdParty' | 'Custom'
  readonly provider: string
  readonly version: string
}

export interface ActionDeclaration {
  readonly name: string
  readonly actionTypeId: ActionTypeId
  readonly runOrder?: number
  readonly configuration?: Readonly<Record<string, string>>
  readonly commands?: readonly string[]
  readonly outputArtifacts?: readonly { readonly name: string; readonly files?: readonly string[] }[]
  readonly inputArtifacts?: readonly { readonly name: string }[]
  readonly outputVariables?: readonly string[]
  readonly roleArn?: string
  readonly region?: string
  readonly namespace?: string
  readonly timeoutInMinutes?: number
  readonly environmentVariables?: readonly {
    readonly name: string
    readonly value: string
    readonly type?: 'PLAINTEXT' | 'SECRETS_MANAGER'
  }[]
}

/** One check of a condition. AWS: RuleDeclaration. */
export interface RuleDeclaration {
  readonly name: string
  readonly ruleTypeId: {
    readonly category: 'Rule'
    readonly owner?: 'AWS'
    readonly provider: string
    readonly version?: string
  }
  readonly configuration?: Readonly<Record<string, string>>
  readonly commands?: readonly string[]
  readonly inputArtifacts?: readonly { readonly name: string }[]
  readonly roleArn?: string
  readonly region?: string
  readonly timeoutInMinutes?: number
}

export type ConditionResult = 'ROLLBACK' | 'FAIL' | 'RETRY' | 'SKIP'

export interface Condition {
  readonly result?: ConditionResult
  readonly rules?: readonly RuleDeclaration[]
}

export interface StageConditions {
  readonly conditions?: readonly Condition[]
}

export type RetryMode = 'FAILED_ACTIONS' | 'ALL_ACTIONS'

export interface FailureConditions extends StageConditions {
  readonly result?: ConditionResult
  readonly retryConfiguration?: { readonly retryMode?: RetryMode }
}

export interface StageDeclaration {
  readonly name: string
  readonly actions: readonly ActionDeclaration[]
  readonly beforeEntry?: StageConditions
  readonly onSuccess?: StageConditions
  readonly onFailure?: FailureConditions
  readonly blockers?: unknown
}

export interface ArtifactStore {
  readonly type: 'S3'
  readonly location: string
  readonly encryptionKey?: { readonly id: string; readonly type: 'KMS' }
}

export interface PipelineDeclaration {
  readonly name: string
  readonly roleArn: string
  readonly artifactStore?: ArtifactStore
  readonly artifactStores?: Readonly<Record<string, ArtifactStore>>
  readonly stages: readonly StageDeclaration[]
  readonly version?: number
  readonly executionMode?: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL'
  readonly pipelineType?: 'V1' | 'V2'
  readonly variables?: readonly {
    readonly name: string
    readonly defaultValue?: string
    readonly description?: string
  }[]
  readonly triggers?: readonly unknown[]
}
