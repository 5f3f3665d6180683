/** How a CodePipeline action provider is described: everything that anybody asks about its actions. */
import type { ActionDeclaration, ActionTypeId, Need } from '../model/index.ts'
import type { PendingChangeSet, StackAction, StackChange } from './deployed-stack.ts'
import type { SourceEvents } from './source-event.ts'
import type { ActionSurroundings } from './surroundings.ts'

/** How many artifacts an action may have, both ends included. */
export interface Bounds {
  readonly min: number
  readonly max: number
}

export interface ConfigurationKey {
  readonly required?: boolean
  /** Masked as `****` wherever the pipeline is shown. */
  readonly secret?: boolean
  /** The only values allowed, unless the value refers to a variable. */
  readonly values?: readonly string[]
  /** Characters; 1000 where absent, as for every configuration value. */
  readonly maxLength?: number
  /** What the value is the name of, for whoever looks at it in the action's account, or asks for its price. */
  readonly names?: Named
}

/** What a value of a configuration can be the name of, or say of what works for the action (`batch`: whether it is one). */
export type Named =
  | 'project'
  | 'function'
  | 'service'
  | 'cluster'
  | 'bucket'
  | 'key'
  | 'acl'
  | 'stack'
  | 'stackRole'
  | 'compute'
  | 'batch'
  | 'connection'
  | 'repository'
  | 'hostedRepository'
  | 'branch'
  | 'object'
  | 'imageRepository'
  | 'stateMachine'
  | 'pipeline'
  | 'application'
  | 'deploymentGroup'
  | 'alarm'

/** What makes CodePipeline start a pipeline when a source changes. */
export interface SourceStart {
  /** A rule of EventBridge that must stand for it, a connection, whose pushes triggers can filter, or a webhook. */
  readonly by: 'rule' | 'connection' | 'webhook'
  /** The key of its configuration that says `false` where CodePipeline is not to poll; without it, it never polls. */
  readonly polling?: string
  /** The key that says `false` where CodePipeline is not to hear of pushes through the connection. */
  readonly listening?: string
  /** The events that a rule can wait for; none where only a connection tells of changes. */
  readonly events?: SourceEvents
  /** The keys that say what is watched: two sources that agree in them start the pipeline twice. */
  readonly watches: readonly string[]
}

/** Everything the declaration of an action of this type has to do with. */
export interface ActionProvider {
  readonly type: ActionTypeId
  readonly inputs: Bounds
  readonly outputs: Bounds
  readonly configuration: Readonly<Record<string, ConfigurationKey>>
  /** Names of its output variables, or `dynamic` where they come from the run itself. */
  readonly variables: readonly string[] | 'dynamic'
  /** The pipeline type it takes; both where absent. */
  readonly pipelineType?: 'V2'
  /** Of a source: what starts the pipeline. */
  readonly starts?: SourceStart
  /** Of a source: the types of revision that whoever starts the pipeline may ask for. AWS: SourceRevisionOverride. */
  readonly revisions?: readonly string[]
  /**
   * What works for the action and tells more about it: a build has phases and a log, a stack has events and resources.
   * AWS: a build's project reads and writes the artifacts under its own role and key, at keys without `.zip`; a stack's
   * role reads them through the services that CloudFormation calls with its session.
   */
  readonly worker?: 'build' | 'stack'
  /** What its minutes cost beside the pipeline's own: its compute too, or nothing at all. AWS: approvals are free. */
  readonly cost?: 'compute' | 'nothing'
  /** What nobody can read of it in live accounts, though it has a say in whether the action may run. */
  readonly unread?: { readonly what: string; readonly why: string }
  /** What AWS does not tell of its needs, and the call of its role whose proof hangs on that. */
  readonly untold?: { readonly at: string; readonly what: string }
  /** Set where the embedded cloud refuses it, which has no runner for it. */
  readonly refusedLocally?: true
  /** What of an action the embedded cloud refuses, as the end of a sentence: `the environment X`. */
  refusedPart?(action: ActionDeclaration): string | undefined
  /** Rules that involve more than one key, as sentences about what is wrong. */
  check?(action: ActionDeclaration): string[]
  /** The stack that the action changes; undefined where it changes none. */
  stack?(action: StackAction): StackChange | undefined
  /** The change set that an action executes and people can look at before; undefined where it executes none. */
  changeSet?(configuration: Readonly<Record<string, string>>): PendingChangeSet | undefined
  /**
   * Of a source whose artifact is a reference to its repository: what whoever reads the artifact needs to clone it;
   * undefined where the artifact holds the files. AWS: CODEBUILD_CLONE_REF, which builds alone can read.
   */
  clone?(source: ActionSurroundings, principal: string): Need[] | undefined
  /** What the role in effect, and whoever works for the action, must be allowed. */
  needs(action: ActionSurroundings): Need[]
}

/** Gives bounds. */
export const between = (min: number, max: number): Bounds => ({ min, max })

/** Gives the id of an action type owned by AWS. */
export const awsAction = (category: ActionTypeId['category'], provider: string): ActionTypeId => ({
  category,
  owner: 'AWS',
  provider,
  version: '1',
})

/** Gives a need for each of several actions on one resource. */
export const needAll = (
  principal: string,
  actions: readonly string[],
  resource: string,
  because: string,
  context?: Need['context'],
): Need[] => actions.map((action) => ({ principal, action, resource, because, ...(context && { context }) }))

/** Gives needs that AWS goes on without. */
export const optionally = (needs: readonly Need[]): Need[] =>
  needs.map((need) => ({ ...need, optional: true }))

/** Gives the need to hand a role to a service. AWS: only roles of the caller's own account can be passed. */
export const passRole = (principal: string, role: string, service: string, because: string): Need => ({
  principal,
  action: 'iam:PassRole',
  resource: role,
  context: { 'iam:PassedToService': service },
  because,
})
