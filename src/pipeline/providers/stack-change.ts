/** What an action of CloudFormation changes: which stack, from which template, with which parameters. */
import { type ActionDeclaration, readJson } from '../../model/index.ts'
import type { StackAction, StackChange } from '../deployed-stack.ts'
import { variablePattern } from '../variables.ts'
import { artifactFile } from './artifact-file.ts'

export type Configuration = NonNullable<ActionDeclaration['configuration']>
export type Overrides = Readonly<Record<string, unknown>>

/** Overrides that were parsed, by the configuration that holds them: rules and needs both ask for them. */
const parsedOverrides = new WeakMap<Configuration, Overrides | undefined>()

/** Gives the parameter values of an action, functions unresolved; undefined where there are none, or no object. */
export function overridesOf(configuration: Configuration): Overrides | undefined {
  if (!parsedOverrides.has(configuration))
    parsedOverrides.set(configuration, parseOverrides(configuration.ParameterOverrides ?? ''))
  return parsedOverrides.get(configuration)
}

function parseOverrides(text: string): Overrides | undefined {
  if (!text) return undefined
  try {
    const value: unknown = readJson(text)
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Overrides) : undefined
  } catch {
    return undefined
  }
}

/** The action whose template and parameters the stack gets when this one runs; undefined where it changes nothing. */
export function changesMadeBy({
  pipeline,
  action,
  region,
  surroundings,
}: Omit<StackAction, 'role'>): ActionDeclaration | undefined {
  const isPartner = (
    mode: string,
    { configuration, roleArn, region: other = surroundings.region }: ActionDeclaration,
  ): boolean =>
    configuration?.ActionMode === mode &&
    other === region &&
    roleArn === action.roleArn &&
    configuration.StackName === action.configuration?.StackName &&
    configuration.ChangeSetName === action.configuration?.ChangeSetName
  const partner = (mode: string): ActionDeclaration | undefined => {
    for (const { actions } of pipeline.stages) {
      const found = actions.find((one) => isPartner(mode, one))
      if (found) return found
    }
    return undefined
  }
  switch (action.configuration?.ActionMode) {
    case 'DELETE_ONLY':
      return undefined
    case 'CHANGE_SET_EXECUTE':
      return partner('CHANGE_SET_REPLACE')
    case 'CHANGE_SET_REPLACE':
      return partner('CHANGE_SET_EXECUTE') ? undefined : action
    default:
      return action
  }
}

/** Gives the change of a stack; undefined for a change set that another action executes. */
export function stackChange(around: StackAction): StackChange | undefined {
  const { action, role } = around
  const deletes = action.configuration?.ActionMode === 'DELETE_ONLY'
  const source = deletes ? action : changesMadeBy(around)
  if (!source) return undefined
  const { configuration = {} } = source
  const template = artifactFile(configuration.TemplatePath)
  const settings = artifactFile(configuration.TemplateConfiguration)
  return {
    name: variablePattern(configuration.StackName ?? ''),
    role: variablePattern(configuration.RoleArn ?? role),
    deletes,
    byChangeSet: configuration.ActionMode === 'CHANGE_SET_REPLACE',
    capabilities: capabilitiesOf(configuration.Capabilities),
    source,
    parameters: Object.fromEntries(
      Object.entries(overridesOf(configuration) ?? {}).map(([name, value]) => [name, literal(value)]),
    ),
    ...(template && { template }),
    ...(settings && { settings }),
  }
}

const capabilitiesOf = (text = ''): readonly string[] | undefined =>
  text.includes('#{') ? undefined : text.split(',').filter((one) => one !== '')

/** AWS: an override is text, or a function that takes the value from an artifact. */
function literal(value: unknown): string | undefined {
  if (typeof value === 'object' || value === undefined) return undefined
  const text = String(value)
  return text.includes('#{') ? undefined : text
}
