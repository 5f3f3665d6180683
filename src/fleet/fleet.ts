/** The fleet as the rest of Crossdock sees it: typed, checked, with every default filled in. */
import type { Arn, Environment, Hub, PipelineDeclaration, SourceLocation, Target } from '../model/index.ts'
import type { ActionFile, StepActionFile } from './action-schema.ts'
import type { BuildFile, PermissionFile } from './build-schema.ts'
import type { ConditionsFile } from './condition-schema.ts'
import type { DeployConfiguration } from './deploys/index.ts'
import type { FleetDeveloper } from './developers.ts'
import type { ExistingThing } from './existing-schema.ts'
import type { FleetIam } from './iam-schema.ts'
import type { FleetImage } from './image-schema.ts'
import type { FleetNotice } from './notify-schema.ts'
import type { FleetOrganization } from './organization.ts'
import type { OutputUse } from './output-uses.ts'
import type { FleetParameter } from './parameter-schema.ts'
import type { FleetRepository } from './repository-schema.ts'
import type { FleetRoles } from './roles-schema.ts'
import type { SourceConfiguration } from './sources/index.ts'
import type { FleetStart } from './start-schema.ts'
import type { InvokeFile } from './step-schema.ts'
import type { Values } from './values.ts'

export interface Fleet {
  readonly name: string
  /** What `${fleet}` stands for where it is not the name: in a developer's copy the fleet that it is a copy of. */
  readonly of?: string
  /** The file it was read from. */
  readonly file: string
  /** Absolute folder that relative paths in the file start from. */
  readonly directory: string
  readonly hub: Hub
  readonly environments: readonly Environment[]
  readonly developers: readonly FleetDeveloper[]
  /** Absent where the file does not speak of one. */
  readonly organization?: FleetOrganization
  readonly pipelines: readonly FleetPipeline[]
  /** Connections that exist, by the provider's name in small letters. */
  readonly connections: Readonly<Record<string, Arn | undefined>>
  /** Days that artifacts are kept; absent: for ever. */
  readonly keepArtifacts?: number
  /** Keys and artifact buckets of the hub that stand already, by region. */
  readonly keys: Readonly<Record<string, ExistingThing>>
  readonly buckets: Readonly<Record<string, ExistingThing>>
  /** Made in the hub. */
  readonly repositories: readonly FleetRepository[]
  /** Image repositories, made in the hub. */
  readonly images: readonly FleetImage[]
  /** Each in each of its places. */
  readonly parameters: readonly FleetParameter[]
  readonly iam: FleetIam
  /** Put on every stack. */
  readonly tags: Readonly<Record<string, string>>
}

export interface FleetPipeline {
  /** The fleet's key for it; of a branch the key and the branch. */
  readonly id: string
  /** Its key in the file, where it is one of several for branches. */
  readonly key?: string
  /** The CodePipeline pipeline's name; `${…}` may stand in it. */
  readonly name: string
  readonly location: SourceLocation
  /** At least one. */
  readonly sources: readonly FleetSource[]
  /** None: what the sources give is deployed as it is. */
  readonly builds: readonly FleetPipelineBuild[]
  /** CodePipeline's name of each artifact of sources and builds, by the fleet's name for it. */
  readonly artifacts: Readonly<Record<string, string>>
  readonly pullRequests?: FleetPullRequests
  readonly stages: readonly FleetStage[]
  readonly executionMode: 'SUPERSEDED' | 'QUEUED' | 'PARALLEL'
  readonly start: FleetStart
  /** Present where the pipeline follows the fleet file. */
  readonly selfUpdate?: FleetSelfUpdate
  /** Whom it tells of what. */
  readonly notices: readonly FleetNotice[]
  /** Roles that stand already. */
  readonly roles: FleetRoles
  readonly variables: NonNullable<PipelineDeclaration['variables']>
}

export interface FleetSource {
  readonly name: string
  /** Its key in the map of several; absent for the only one outside a map. */
  readonly key?: string
  /** Name of the artifact. */
  readonly artifact: string
  readonly configuration: SourceConfiguration
  /** Whether its changes start the pipeline. */
  readonly starts: boolean
  /** The account of an environment that has what is fetched; absent for the hub. */
  readonly owner?: FleetPlace
  readonly location: SourceLocation
}

/** How a pipeline brings itself to what the fleet file says. */
export interface FleetSelfUpdate {
  /** Name of the source whose repository has the file. */
  readonly source: string
  readonly artifact: string
  /** The file's name, at the top of the repository. */
  readonly file: string
}

/** What is built of pull requests, beside the pipeline. */
export interface FleetPullRequests {
  /** Name of the source whose repository tells of them. */
  readonly source: string
  /** Globs of the branches that they want to change. */
  readonly branches: readonly string[]
  /** Globs of changed files, `!` before those that do not count; none: all. */
  readonly paths: readonly string[]
  readonly build: FleetBuild
}

/** A build of a pipeline. */
export interface FleetPipelineBuild extends FleetBuild {
  readonly name: string
  /** Its key in the map of several; absent for the only one outside a map. */
  readonly key?: string
  /** Artifacts that it writes, at least one. */
  readonly outputs: readonly string[]
  /** Images of the fleet that it may push. */
  readonly images: readonly string[]
  /** Whether its buildspec has a batch of builds. */
  readonly batch: boolean
  /** Builds of one step run side by side; steps run one after another, the first is 0. */
  readonly step: number
  readonly location: SourceLocation
}

/** A CodeBuild project: a build of a pipeline or the test of a stage. */
export interface FleetBuild {
  /** Artifacts that it reads, the primary first. */
  readonly inputs: readonly string[]
  /** File in the source, when no commands are given. */
  readonly buildspec?: string
  readonly commands?: readonly string[]
  readonly artifacts?: BuildFile['artifacts']
  readonly environment: Readonly<Record<string, string>>
  /** Variable to Secrets Manager reference, `name` or `name:json-key:version-stage:version-id`. */
  readonly secrets: Readonly<Record<string, string>>
  /** Variable to Parameter Store name. */
  readonly parameters: Readonly<Record<string, string>>
  /** Versions of runtimes that the image is told to use, with `commands`. */
  readonly runtimes?: Readonly<Record<string, number>>
  readonly image: string
  readonly compute: string
  /** Minutes. */
  readonly timeout: number
  readonly privileged: boolean
  readonly permissions: readonly PermissionFile[]
  readonly vpc?: BuildFile['vpc']
  /** Where what the buildspec caches is kept: on the host of the builds, or in a bucket. */
  readonly cache?: 'host' | 'bucket'
}

export interface FleetStage {
  readonly name: string
  readonly location: SourceLocation
  /** Where it works, at least one: all side by side. Those of one account stand together. */
  readonly places: readonly FleetPlace[]
  readonly approve?: FleetApproval
  readonly window?: { readonly cron: string; readonly timezone?: string }
  /** Names of alarms in each place; what stands in a stage may stand in them. */
  readonly alarms: readonly string[]
  /** Minutes. */
  readonly bake?: number
  readonly onFailure?: 'stop' | 'retry' | 'rollback'
  readonly conditions?: ConditionsFile
  /** Change sets are made first in every place and executed afterwards. */
  readonly changeSets: boolean
  /** It is one of several that take the places of a stage of the file; too large, it may become two. */
  readonly isWave?: boolean
  /** Those that its steps carry out, each once. */
  readonly deploys: readonly FleetDeploy[]
  readonly tests: readonly FleetTest[]
  /** What it does one after another; what stands together in one runs side by side. None in a stage of actions. */
  readonly steps: readonly (readonly FleetStep[])[]
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
  /** ARNs of functions and queues, and URLs, that the topic tells. */
  readonly subscribers: readonly string[]
  /** ARNs of roles of the hub that may answer. */
  readonly approvers: readonly Arn[]
  /** Not asked for where no change set would change anything. */
  readonly skipWhenEmpty: boolean
  /** Outputs of earlier deploys that its texts take. */
  readonly outputs: readonly OutputUse[]
  readonly message?: string
  readonly url?: string
  /** Minutes. */
  readonly timeout?: number
}

/** A test of a stage: a build whose name tells it from the others. */
export interface FleetTest extends FleetBuild {
  /** `test`, `test-2` … */
  readonly name: string
  /** In the environment it runs in every place of the stage. */
  readonly runsIn: 'hub' | 'environment'
}

export type FleetStep =
  | { readonly kind: 'approve' }
  /** Makes the change set of a deploy, for a later step that executes it. */
  | { readonly kind: 'prepare' | 'deploy'; readonly deploy: FleetDeploy }
  | { readonly kind: 'test'; readonly test: FleetTest }
  | { readonly kind: 'invoke'; readonly invoke: InvokeFile; readonly outputs: readonly OutputUse[] }
  | { readonly kind: 'action'; readonly action: StepActionFile; readonly outputs: readonly OutputUse[] }

export interface FleetDeploy {
  /** What others call it; several may share one that nobody gave them. */
  readonly name: string
  /** Artifact that is deployed; empty for what deploys none. */
  readonly input: string
  readonly configuration: DeployConfiguration
  /** Outputs of earlier deploys that its texts take. */
  readonly outputs: readonly OutputUse[]
  readonly location: SourceLocation
}
