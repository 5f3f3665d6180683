/** The CloudFormation stacks that a pipeline deploys, told from its declaration alone. */
import {
  type ActionDeclaration,
  type Arn,
  type PipelineDeclaration,
  parseArn,
  type Target,
} from '../model/index.ts'
import { changesMadeBy, overridesOf } from './providers/cloudformation.ts'
import { variablePattern } from './variables.ts'

/** A file in an artifact, `Artifact::path`. */
export interface ArtifactFile {
  readonly artifact: string
  readonly path: string
}

/** One action's change of one stack; the account and region are the stack's. */
export interface DeployedStack extends Target {
  readonly pipeline: string
  /** The stage and action that change the stack: with change sets the one that executes. */
  readonly stage: string
  readonly action: string
  /** `*` stands for a variable of the pipeline. */
  readonly name: string
  /** The role that CloudFormation acts as. */
  readonly role: Arn
  /** Whether the stack is deleted and not made. */
  readonly deletes: boolean
  /** Parameter values that the action overrides; undefined where an artifact or a variable gives the value. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly template?: ArtifactFile
  /** Where the values of further parameters, and the stack's tags, are. */
  readonly settings?: ArtifactFile
}

/**
 * Gives every stack as often as an action changes it.
 * AWS: a stack is in the account of the action's role; without a role of its own CloudFormation acts as that role.
 */
export function deployedStacks(pipeline: PipelineDeclaration, home: Target): DeployedStack[] {
  return pipeline.stages.flatMap((stage) =>
    stage.actions
      .filter(
        ({ actionTypeId }) =>
          actionTypeId.category === 'Deploy' && actionTypeId.provider === 'CloudFormation',
      )
      .flatMap((action) => stackOf(pipeline, stage.name, action, home)),
  )
}

function stackOf(
  pipeline: PipelineDeclaration,
  stage: string,
  action: ActionDeclaration,
  home: Target,
): DeployedStack[] {
  const region = action.region ?? home.region
  const deletes = action.configuration?.ActionMode === 'DELETE_ONLY'
  const source = deletes ? action : changesMadeBy({ pipeline, action, region, surroundings: home })
  if (!source) return []
  const { configuration = {} } = source
  const acting = action.roleArn ?? pipeline.roleArn
  const template = fileOf(configuration.TemplatePath)
  const settings = fileOf(configuration.TemplateConfiguration)
  return [
    {
      pipeline: pipeline.name,
      stage,
      action: action.name,
      account: parseArn(acting)?.account ?? home.account,
      region,
      name: variablePattern(configuration.StackName ?? ''),
      role: variablePattern(configuration.RoleArn ?? acting),
      deletes,
      parameters: Object.fromEntries(
        Object.entries(overridesOf(configuration) ?? {}).map(([name, value]) => [name, literal(value)]),
      ),
      ...(template && { template }),
      ...(settings && { settings }),
    },
  ]
}

/** Gives the role that asks CloudFormation for the change of a stack: with change sets, who creates the set. */
export function callerOf(pipeline: PipelineDeclaration, stack: DeployedStack, home: Target): Arn {
  const stage = pipeline.stages.find(({ name }) => name === stack.stage)
  const action = stage?.actions.find(({ name }) => name === stack.action)
  const surroundings = { pipeline, region: stack.region, surroundings: home }
  const source = action && !stack.deletes ? changesMadeBy({ ...surroundings, action }) : action
  return source?.roleArn ?? pipeline.roleArn
}

/** AWS: an override is text, or a function that takes the value from an artifact. */
function literal(value: unknown): string | undefined {
  if (typeof value === 'object' || value === undefined) return undefined
  const text = String(value)
  return text.includes('#{') ? undefined : text
}

function fileOf(text: string | undefined): ArtifactFile | undefined {
  const [artifact, path] = text?.split('::') ?? []
  return artifact && path ? { artifact, path } : undefined
}
