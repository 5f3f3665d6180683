/** Deployment of a CloudFormation stack, in each of the five action modes. */
import { type ActionDeclaration, entryOf, formatArn, type Need, parseArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, passRole } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'
import { checkFile } from './artifact-file.ts'
import {
  type Configuration,
  changesMadeBy,
  type Overrides,
  overridesOf,
  stackChange,
} from './stack-change.ts'

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  CREATE_UPDATE: ['DescribeStacks', 'DescribeStackEvents', 'CreateStack', 'UpdateStack'],
  REPLACE_ON_FAILURE: ['DescribeStacks', 'DescribeStackEvents', 'CreateStack', 'UpdateStack', 'DeleteStack'],
  DELETE_ONLY: ['DescribeStacks', 'DescribeStackEvents', 'DeleteStack'],
  CHANGE_SET_REPLACE: ['DescribeStacks', 'DescribeChangeSet', 'CreateChangeSet', 'DeleteChangeSet'],
  CHANGE_SET_EXECUTE: ['DescribeStacks', 'DescribeStackEvents', 'DescribeChangeSet', 'ExecuteChangeSet'],
}
/**
 * AWS: "the cloudformation:DescribeStackEvents permission is optional": without it a failed action tells less
 * ("CloudFormation deploy action reference").
 */
const OPTIONAL: ReadonlySet<string> = new Set(['cloudformation:DescribeStackEvents'])

const WITH_TEMPLATE = ['CREATE_UPDATE', 'REPLACE_ON_FAILURE', 'CHANGE_SET_REPLACE']
const WITH_CHANGE_SET = ['CHANGE_SET_REPLACE', 'CHANGE_SET_EXECUTE']
/** Bytes that the JSON of ParameterOverrides may have. */
const OVERRIDES_LIMIT = 1024

export const cloudformation: ActionProvider = {
  type: awsAction('Deploy', 'CloudFormation'),
  inputs: between(0, 10),
  outputs: between(0, 1),
  configuration: {
    ActionMode: { required: true, values: Object.keys(OPERATIONS) },
    StackName: { required: true, names: 'stack' },
    ChangeSetName: {},
    TemplatePath: {},
    TemplateConfiguration: {},
    ParameterOverrides: {},
    Capabilities: {},
    RoleArn: { names: 'stackRole' },
    OutputFileName: {},
  },
  variables: 'dynamic',
  worker: 'stack',
  check,
  stack: stackChange,
  changeSet: ({ ActionMode, StackName: stack = '', ChangeSetName: name = '' }) =>
    ActionMode === 'CHANGE_SET_EXECUTE' ? { stack, name } : undefined,
  needs: (around) => [
    ...stackNeeds(around),
    ...roleNeeds(around),
    ...artifactNeeds(around),
    ...codeNeeds(around),
  ],
}

function check(action: ActionDeclaration): string[] {
  const { configuration = {}, inputArtifacts = [], outputArtifacts = [] } = action
  const mode = configuration.ActionMode ?? ''
  const problems: string[] = []
  const demand = (key: string) => {
    if (!configuration[key]) problems.push(`${key} is required with ActionMode ${mode}`)
  }
  if (WITH_TEMPLATE.includes(mode)) demand('TemplatePath')
  if (WITH_CHANGE_SET.includes(mode)) demand('ChangeSetName')
  if (Object.hasOwn(OPERATIONS, mode) && mode !== 'CHANGE_SET_EXECUTE') demand('RoleArn')
  const inputs = inputArtifacts.map((one) => one.name)
  for (const key of ['TemplatePath', 'TemplateConfiguration'])
    problems.push(...checkFile(key, configuration[key], inputs))
  problems.push(...checkOverrides(configuration, inputs))
  if (configuration.OutputFileName && !outputArtifacts.length)
    problems.push('OutputFileName needs an output artifact to be written into')
  if (/,\s|\s,/.test(configuration.Capabilities ?? ''))
    problems.push('Capabilities must be separated by commas without spaces')
  return problems
}

function checkOverrides(configuration: Configuration, inputs: readonly string[]): string[] {
  const text = configuration.ParameterOverrides
  if (!text) return []
  if (Buffer.byteLength(text) > OVERRIDES_LIMIT)
    return [`ParameterOverrides has ${Buffer.byteLength(text)} bytes; at most ${OVERRIDES_LIMIT} are allowed`]
  const overrides = overridesOf(configuration)
  if (!overrides) return ['ParameterOverrides must be a JSON object']
  return referredArtifacts(overrides)
    .filter((artifact) => !inputs.includes(artifact))
    .map((artifact) => `ParameterOverrides names the artifact ${artifact}, which is not one of its inputs`)
}

function referredArtifacts(
  overrides: Overrides,
  functions = ['Fn::GetArtifactAtt', 'Fn::GetParam'],
): string[] {
  return Object.values(overrides).flatMap((value) =>
    functions.flatMap((name) => {
      const argument = entryOf(value as Record<string, unknown> | null, name)
      return Array.isArray(argument) && typeof argument[0] === 'string' ? [argument[0]] : []
    }),
  )
}

function stackNeeds({ role, account, region, value }: ActionSurroundings): Need[] {
  const operations = (entryOf(OPERATIONS, value('ActionMode')) ?? []).map((name) => `cloudformation:${name}`)
  const stack = formatArn('cloudformation', region, account, `stack/${value('StackName')}/*`)
  return operations.map((action) => ({
    principal: role,
    action,
    resource: stack,
    ...(action.endsWith('ChangeSet') && {
      context: { 'cloudformation:ChangeSetName': value('ChangeSetName') },
    }),
    ...(OPTIONAL.has(action) && { optional: true as const }),
    because: `to deploy the stack ${value('StackName')}`,
  }))
}

/** AWS: the stack's role belongs to the action role's account, is passed by it, and is ignored on execute. */
function roleNeeds({ role, value }: ActionSurroundings): Need[] {
  const service = 'cloudformation.amazonaws.com'
  const stackRole = value('RoleArn')
  if (!stackRole || value('ActionMode') === 'CHANGE_SET_EXECUTE') return []
  return [
    passRole(
      role,
      stackRole,
      service,
      `to let CloudFormation work on the stack ${value('StackName')} under its role`,
    ),
    {
      principal: service,
      action: 'sts:AssumeRole',
      resource: stackRole,
      because: `to change the resources of the stack ${value('StackName')}`,
    },
  ]
}

function artifactNeeds({ action, role, value, reads, writes }: ActionSurroundings): Need[] {
  const { configuration = {}, outputArtifacts = [] } = action
  const overrides = overridesOf(configuration) ?? {}
  const mode = value('ActionMode')
  if (mode === 'CHANGE_SET_EXECUTE' || mode === 'DELETE_ONLY') return outputNeeds()
  const files = ['TemplatePath', 'TemplateConfiguration'].flatMap(
    (key) => configuration[key]?.split('::')[0] ?? [],
  )
  const read = new Set([...files, ...referredArtifacts(overrides, ['Fn::GetParam'])])
  return [
    ...[...read].flatMap((name) =>
      reads(role, name, `to read template and parameters from the artifact ${name}`),
    ),
    ...outputNeeds(),
  ]

  function outputNeeds(): Need[] {
    if (!value('OutputFileName')) return []
    return outputArtifacts.flatMap(({ name }) =>
      writes(role, name, `to store the stack’s outputs in the artifact ${name}`, { acl: 'across accounts' }),
    )
  }
}

/** AWS: resources whose code is in an artifact are made when a change set is executed, not when it is created. */
function codeNeeds(around: ActionSurroundings): Need[] {
  const source = changesMadeBy(around)
  const { configuration = {} } = source ?? {}
  const stackRole = configuration.RoleArn
  if (!stackRole || !parseArn(stackRole)) return []
  const used = new Set(referredArtifacts(overridesOf(configuration) ?? {}, ['Fn::GetArtifactAtt']))
  return [...used].flatMap((name) =>
    around.reads(stackRole, name, `to read code from the artifact ${name} as the stack’s role`, {
      byVersion: false,
    }),
  )
}
