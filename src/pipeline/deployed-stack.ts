/** What a deployed stack is, as an action provider tells it of one of its actions. */
import type { ActionDeclaration, Arn, PipelineDeclaration, Target } from '../model/index.ts'

/** A file in an artifact, `Artifact::path`. */
export interface ArtifactFile {
  readonly artifact: string
  readonly path: string
}

/** An action with what must be known around it to tell which stack it changes. */
export interface StackAction {
  readonly pipeline: PipelineDeclaration
  readonly action: ActionDeclaration
  /** The role in effect: the action's own, else the pipeline's. */
  readonly role: Arn
  /** The action's. */
  readonly region: string
  /** The pipeline's account and region. */
  readonly surroundings: Target
}

export interface StackChange {
  /** `*` stands for a variable of the pipeline. */
  readonly name: string
  /** The role that CloudFormation acts as. AWS: without one of its own the role that calls it. */
  readonly role: Arn
  /** Whether the stack is deleted and not made. */
  readonly deletes: boolean
  /** Whether it is made by a change set. */
  readonly byChangeSet: boolean
  /** What the action acknowledges; undefined where a variable gives it. */
  readonly capabilities: readonly string[] | undefined
  /** Parameter values that the action overrides; undefined where an artifact or a variable gives the value. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly template?: ArtifactFile
  /** Where the values of further parameters, and the stack's tags, are. */
  readonly settings?: ArtifactFile
  /** The action that names them: with change sets not the one that executes. */
  readonly source: ActionDeclaration
}

/** A change set that waits to be executed. */
export interface PendingChangeSet {
  readonly stack: string
  readonly name: string
}

/** One action's change of one stack; the account and region are the stack's. */
export interface DeployedStack extends StackChange, Target {
  readonly pipeline: string
  /** The stage and action that change the stack: with change sets the one that executes. */
  readonly stage: string
  readonly action: string
  /** The role that asks CloudFormation for the change. */
  readonly caller: Arn
}
