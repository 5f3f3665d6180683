/** AWS::Serverless::StateMachine: the machine with its role, its version and alias, and what starts it. */
import { expandEvents } from './events/index.ts'
import { type Expansion, passedOn, type Serverless } from './expansion.ts'
import { asciiJson } from './logical-id.ts'
import { withParameters } from './parameter-values.ts'
import { type RolePolicies, rolePolicies, tracingPolicy } from './policies.ts'
import { arnOf, functionName, isMap, ownTags, type Properties } from './properties.ts'
import { invalid } from './refusals.ts'
import { assumedBy, joined, NO_POLICIES, roleProperties } from './role.ts'
import { storedAt } from './stored-at.ts'

export function expandStateMachine(source: Serverless, into: Expansion): void {
  const { id, properties, attributes } = source
  const { Role, Policies, Name, Type, Logging, Tracing } = properties
  if (Role !== undefined && Policies !== undefined)
    throw invalid("Specify either 'Role' or 'Policies' (but not both at the same time) or neither of them")
  const Tags = ownTags(properties, 'stateMachine:createdBy')
  const passed = passedOn(attributes)
  into.put(
    id,
    'AWS::StepFunctions::StateMachine',
    {
      ...definitionOf(properties, into),
      LoggingConfiguration: Logging,
      RoleArn: Role ?? arnOf(`${id}Role`),
      StateMachineName: Name,
      StateMachineType: Type,
      Tags,
      TracingConfiguration: Tracing,
    },
    attributes,
  )
  if (Role === undefined) {
    const role = `${id}Role`
    const policies = joined(rolePolicies(Policies, role, into), tracing(properties, into))
    into.put(
      role,
      'AWS::IAM::Role',
      {
        ...roleProperties({
          trust: assumedBy('states.amazonaws.com'),
          policies,
          path: properties.RolePath,
          boundary: properties.PermissionsBoundary,
          tags: Tags,
        }),
        ManagedPolicyArns: policies.managed,
      },
      passed,
    )
  }
  const alias = publish(source, into)
  const aliased = properties.UseAliasAsEventTarget === true && alias !== undefined
  expandEvents({ source, kind: 'StateMachine', reference: { Ref: aliased ? alias : id } }, into)
}

const tracing = ({ Tracing }: Properties, { partition }: Expansion): RolePolicies =>
  isMap(Tracing) && Tracing.Enabled === true
    ? { managed: [tracingPolicy(partition)], inline: [] }
    : NO_POLICIES

/** Makes version and alias; gives the alias's id. */
function publish({ id, properties, attributes }: Serverless, into: Expansion): string | undefined {
  const { AutoPublishAlias, DeploymentPreference } = properties
  if (AutoPublishAlias === undefined) {
    if (properties.UseAliasAsEventTarget === true)
      throw invalid("'UseAliasAsEventTarget' requires 'AutoPublishAlias' property to be specified.")
    return undefined
  }
  const name = withParameters(AutoPublishAlias, into.values)
  const passed = passedOn(attributes)
  const [version, alias] = [`${id}Version`, `${id}Alias${String(name)}`]
  into.put(
    version,
    'AWS::StepFunctions::StateMachineVersion',
    {
      StateMachineArn: { Ref: id },
      StateMachineRevisionId: { 'Fn::GetAtt': [id, 'StateMachineRevisionId'] },
    },
    { ...passed, DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' },
  )
  const preference = isMap(DeploymentPreference) ? DeploymentPreference : { Type: 'ALL_AT_ONCE' }
  into.put(
    alias,
    'AWS::StepFunctions::StateMachineAlias',
    { Name: name, DeploymentPreference: { ...preference, StateMachineVersionArn: { Ref: version } } },
    passed,
  )
  into.refer(id, 'Alias', alias)
  into.refer(id, 'Version', version)
  return alias
}

function definitionOf(properties: Properties, into: Expansion): Properties {
  const { Definition, DefinitionUri, DefinitionSubstitutions } = properties
  if (Definition !== undefined && DefinitionUri !== undefined)
    throw invalid("Specify either 'Definition' or 'DefinitionUri' property and not both.")
  if (DefinitionUri !== undefined)
    return {
      DefinitionS3Location: storedAt(DefinitionUri, 'DefinitionUri', into),
      DefinitionSubstitutions,
    }
  if (Definition === undefined)
    throw invalid("Either 'Definition' or 'DefinitionUri' property must be specified.")
  const found: Record<string, unknown> = {}
  const lines = jsonLines(withSubstitutions(Definition, found), '')
  const all = { ...((DefinitionSubstitutions ?? {}) as Properties), ...found }
  return {
    DefinitionString: { 'Fn::Join': ['\n', lines] },
    DefinitionSubstitutions: Object.keys(all).length > 0 ? all : undefined,
  }
}

/** AWS: functions in a definition become substitutions, in the order in which they are met. */
function withSubstitutions(value: unknown, found: Record<string, unknown>): unknown {
  if (Array.isArray(value)) return value.map((one) => withSubstitutions(one, found))
  if (!isMap(value)) return value
  if (functionName(value) !== undefined && functionName(value) !== 'Condition') {
    const name = `definition_substitution_${Object.keys(found).length + 1}`
    found[name] = value
    return `\${${name}}`
  }
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, withSubstitutions(value[key], found)]))
}

/** Gives the lines of JSON with its keys in order, each level four blanks further in. */
function jsonLines(value: unknown, indent: string): string[] {
  const inner = `${indent}    `
  const block = (open: string, close: string, items: readonly { key: string; value: unknown }[]) => {
    if (items.length === 0) return [`${open}${close}`]
    const lines = items.flatMap(({ key, value: one }, index) => {
      const [first, ...rest] = jsonLines(one, inner)
      const all = [`${inner}${key}${first}`, ...rest]
      if (index < items.length - 1) all[all.length - 1] += ','
      return all
    })
    return [open, ...lines, `${indent}${close}`]
  }
  if (Array.isArray(value))
    return block(
      '[',
      ']',
      value.map((one) => ({ key: '', value: one })),
    )
  if (!isMap(value)) return [asciiJson(value)]
  const keys = Object.keys(value).sort()
  return block(
    '{',
    '}',
    keys.map((key) => ({ key: `${asciiJson(key)}: `, value: value[key] })),
  )
}
