/** The fleet as the rest of Crossdock sees it: typed, checked, with every default filled in. */
import type { Environment, Hub, PipelineDeclaration, SourceLocation, Target } from '../model/index.ts'
import type { ActionFile } from './action-schema.ts'
import type { BuildFile, PermissionFile } from './build-schema.ts'
import type { DeployConfiguration } from './deploys/index.ts'
import type { FleetIam } from './iam-schema.ts'
import type { FleetOrganization } from './organization.ts'
import type { SourceConfiguration } from './sources/index.ts'
import type { FleetStart } from './start-schema.ts'
import type { Values } from './values.ts'

export interface Fleet {
  readonly name: string
  /** The file it was read from. */
  readonly file: string
  /** Absolute folder that relative paths in the file start from. */
  readonly directory: string
  readonly hub: Hub
  readonly environments: readonly Environment[]
  /** Absent where the file does not speak of one. */
  readonly organization?: FleetOrganization
  readonly pipelines: readonly FleetPipeline[]
  /** Days that artifacts are kept; absent: for ever. */
  readonly keepArtifacts?: number
  readonly iam: FleetIam
  /** Put on every stack. */
  readonly tags: Readonly<Record<string, string>>
}

export interface FleetPipeline {
  /** The fleet's key for it, and the CodePipeline pipeline's name. */
  readonly id: string
  readonly location: SourceLocation
  readonly source: SourceConfiguration
  /** Absent: what the source gives is deployed as it is. */
  readonly build?: FleetBuild
  readonly stages: readonly FleetStage[]
  readonly executionMode: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL'
  readonly start: FleetStart
  readonly variables: NonNullable<PipelineDeclaration['variables']>
}

/** A CodeBuild project: the build of a pipeline or the test of a stage. */
export interface FleetBuild {
  /** File in the source, when no commands are given. */
  readonly buildspec?: string
  readonly commands?: readonly string[]
  readonly artifacts?: BuildFile['artifacts']
  readonly environment: Readonly<Record<string, string>>
  /** Variable to Secrets Manager reference, `name` or `name:json-key:version-stage:version-id`. */
  readonly secrets: Readonly<Record<string, string>>
  /** Variable to Parameter Store name. */
  readonly parameters: Readonly<Record<string, string>>
  readonly image: string
  readonly compute: string
  /** Minutes. */
  readonly timeout: number
  readonly privileged: boolean
  readonly permissions: readonly PermissionFile[]
}

export interface FleetStage {
  readonly name: string
  /** Where it works, at least one: all side by side. Those of one account stand together. */
  readonly places: readonly FleetPlace[]
  readonly approve?: FleetApproval
  /** Change sets are made first in every place and executed afterwards. */
  readonly changeSets: boolean
  readonly deploys: readonly FleetDeploy[]
  readonly test?: FleetBuild
  /** Listed one by one; then there is nothing else in the stage. */
  readonly actions: readonly ActionFile[]
}

/** An account in a region. */
export interface FleetPlace extends Target {
  /** `hub` for a stage of actions that names no environment. */
  readonly environment: string
  readonly accountName: string
  /** Region of the account's global resources (roles). */
  readonly home: string
  /** What `${values.NAME}` stands for; their texts still hold what stands in a stage. */
  readonly values: Values
}

export interface FleetApproval {
  readonly emails: readonly string[]
  readonly message?: string
  readonly url?: string
  /** Minutes. */
  readonly timeout?: number
}

export interface FleetDeploy {
  /** Deploys of one step run side by side; steps run one after another. */
  readonly step: number
  readonly configuration: DeployConfiguration
  readonly location: SourceLocation
}
