/** What every kind of deploy is: its schema in the fleet file and its expansion into deploy actions. */
import type * as z from 'zod/mini'
import type { ActionDeclaration } from '../../model/index.ts'
import type { PermissionFile } from '../build-schema.ts'
import type { TextScope } from '../text.ts'
import type { StackDeploy } from './stack-deploy.ts'
import type { StackSetDeploy } from './stack-set-deploy.ts'

/** One deploy of one stage in one place. */
export interface DeployScope extends TextScope {
  readonly environment: string
  readonly account: string
  readonly accountName: string
  readonly region: string
  /** What tells the place from the others of the stage, in names of actions: the region, with several accounts both. */
  readonly place: string
  /** Name of the artifact that is deployed; empty for a kind that deploys none. */
  readonly input: string
  /** CodePipeline's name of each artifact of the pipeline, by the fleet's name for it. */
  readonly artifacts: Readonly<Record<string, string>>
  /** ARN of the role in the account that the pipeline acts as. */
  readonly actionRole: string
  /** ARN of the role in the account that CloudFormation acts as. */
  readonly cloudFormationRole: string
  /** Capabilities that the template asks for, comma separated; empty for none. */
  readonly capabilities: string
  /** ARN of the role in the account that StackSets acts as, and the name of the one that it assumes in others. */
  readonly administrationRole: string
  readonly executionRoleName: string
  /** The account that manages the organization; absent where nobody says which. */
  readonly management?: string
}

/** The stage that a deploy stands in. */
export interface DeployStage {
  readonly name: string
  readonly changeSets: boolean
  /** How many accounts and regions it works in. */
  readonly places: number
  /** Whether it takes the artifact of a source that tells of an image, and holds nothing else. */
  readonly ofImage: boolean
}

export interface Refusal {
  readonly what: string
  readonly fix: string
}

/** An artifact by the fleet's name for it. */
export interface ReadArtifact {
  readonly artifact: string
  /** Within the deploy. */
  readonly path: readonly string[]
}

export interface GroupConfiguration {
  readonly application: string
  readonly group: string
  /** `*` where the file does not say. */
  readonly name: string
}

export interface DeployExpansion {
  /** Shows what would change without changing anything; present when change sets are asked for and the kind has them. */
  readonly prepare?: ActionDeclaration
  readonly deploy: ActionDeclaration
}

export interface DeployKind<Schema extends z.ZodMiniObject = z.ZodMiniObject> {
  /** The key that tells this kind from the others. */
  readonly key: string
  readonly schema: Schema
  /** What a deploy is about, for its name where it has none: two that are about the same are told apart by names. */
  called?(deploy: z.output<Schema>): string
  /** The stack that it makes, whose template tells capabilities and permissions; absent for a kind that makes none. */
  stack?(deploy: z.output<Schema>): StackDeploy
  /** The stack set that it makes; absent for a kind that makes none. */
  stackSet?(deploy: z.output<Schema>): StackSetDeploy
  /** What the fleet file itself lets the role do that the pipeline acts as in the account. */
  permissions?(deploy: z.output<Schema>): readonly PermissionFile[]
  /** The artifacts that it takes besides the one that is deployed, and where the file names them. */
  reads?(deploy: z.output<Schema>): readonly ReadArtifact[]
  /** The roles, by name or ARN, that it hands to what it deploys; undefined where nobody says which. */
  passes?(deploy: z.output<Schema>): readonly string[] | undefined
  /** The configuration that a deployment group of CodeDeploy names; absent for a kind that deploys to none. */
  configuration?(deploy: z.output<Schema>, scope: TextScope): GroupConfiguration
  /** Why a stage cannot have it; undefined where it can. */
  refused?(deploy: z.output<Schema>, stage: DeployStage): Refusal | undefined
  expand(deploy: z.output<Schema>, scope: DeployScope, changeSets: boolean): DeployExpansion
}

/** Names a deploy kind so that its schema types its expansion. */
export const deployKind = <Schema extends z.ZodMiniObject>(kind: DeployKind<Schema>): DeployKind<Schema> =>
  kind
