/** A CodePipeline pipeline as CreatePipeline takes it. AWS: PipelineDeclaration of the CodePipeline API. */

export type ActionCategory = 'Source' | 'Build' | 'Deploy' | 'Test' | 'Invoke' | 'Approval' | 'Compute'

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

export interface StageDeclaration {
  readonly name: string
  readonly actions: readonly ActionDeclaration[]
  readonly onFailure?: unknown
  readonly onSuccess?: unknown
  readonly beforeEntry?: unknown
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
