/** What the two actions of stack sets have in common: whom they deploy to, and what that takes. */
import { type ActionDeclaration, formatArn, type Need } from '../../model/index.ts'
import { type ConfigurationKey, needAll, passRole } from '../provider.ts'
import {
  ADMINISTRATION_ROLE,
  EXECUTION_ROLE,
  INSTANCE_OPERATIONS,
  listed,
  readShorthand,
  STACK_SET_NAME,
  stackSetStackPrefix,
  TARGET_ACCOUNT,
  TARGET_UNIT,
} from '../stack-set.ts'
import type { ActionSurroundings } from '../surroundings.ts'
import { artifactFile, checkFile } from './artifact-file.ts'

export const SERVICE_MANAGED = 'SERVICE_MANAGED'

/** AWS: CodePipeline User Guide, "CloudFormation StackSets deploy action reference". */
export const STACK_SET_KEYS: Readonly<Record<string, ConfigurationKey>> = {
  StackSetName: { required: true },
  DeploymentTargets: {},
  Regions: {},
  FailureTolerancePercentage: {},
  MaxConcurrentPercentage: {},
  RegionConcurrencyType: { values: ['PARALLEL', 'SEQUENTIAL', 'Parallel', 'Sequential'] },
  ConcurrencyMode: { values: ['STRICT_FAILURE_TOLERANCE', 'SOFT_FAILURE_TOLERANCE'] },
  CallAs: { values: ['SELF', 'DELEGATED_ADMIN'] },
}

/** Gives what both kinds of action refuse. `parameters` names the key that holds them. */
export function checkTargets(action: ActionDeclaration, parameters: string): string[] {
  const { configuration = {} } = action
  const inputs = inputsOf(action)
  const { StackSetName: name = '', DeploymentTargets: targets = '', Regions: regions = '' } = configuration
  const problems: string[] = []
  if (name && !name.includes('#{') && !STACK_SET_NAME.test(name))
    problems.push(
      `StackSetName is "${name}"; it has letters, digits and hyphens, a letter first, at most 128`,
    )
  if (!targets !== !regions) problems.push('DeploymentTargets and Regions are given together or not at all')
  problems.push(...checkTargetList(targets, inputs))
  for (const [key, least] of [
    ['FailureTolerancePercentage', 0],
    ['MaxConcurrentPercentage', 1],
  ] as const)
    problems.push(...checkPercentage(key, configuration[key], least))
  const given = configuration[parameters] ?? ''
  if (artifactFile(given)) problems.push(...checkFile(parameters, given, inputs))
  else if (given && !given.includes('#{') && !readShorthand(given))
    problems.push(
      `${parameters} must have the form ParameterKey=name,ParameterValue=value, with spaces between them, or Artifact::path`,
    )
  return problems
}

const inputsOf = ({ inputArtifacts = [] }: ActionDeclaration): string[] =>
  inputArtifacts.map(({ name }) => name)

function checkTargetList(targets: string, inputs: readonly string[]): string[] {
  if (!targets || targets.includes('#{')) return []
  if (targets.includes('::')) return checkFile('DeploymentTargets', targets, inputs)
  return listed(targets)
    .filter((one) => !TARGET_ACCOUNT.test(one) && !TARGET_UNIT.test(one))
    .map((one) => `DeploymentTargets has "${one}", which is neither an account nor an organizational unit`)
}

function checkPercentage(key: string, value: string | undefined, least: number): string[] {
  if (!value || value.includes('#{')) return []
  const percentage = Number(value)
  return Number.isInteger(percentage) && percentage >= least && percentage <= 100
    ? []
    : [`${key} is "${value}" but must be a whole number from ${least} to 100`]
}

/** The accounts and units that are known beforehand; none where a file or a variable names them. */
export function targetsOf({ configuration = {} }: ActionDeclaration): readonly string[] {
  const { DeploymentTargets: targets = '' } = configuration
  return targets.includes('::') || targets.includes('#{') ? [] : listed(targets)
}

/**
 * Gives the needs of the role that an action acts as, on the stack set itself.
 * AWS: with service-managed permissions CreateStackInstances and UpdateStackSet are asked of the targets and of the types
 * in the template too ("Restrict stack set operations based on Region and resource types").
 */
export function operatorNeeds(
  { action, role, account, region, value }: ActionSurroundings,
  operations: readonly string[],
  isServiceManaged: boolean,
): Need[] {
  const name = value('StackSetName')
  const because = `to deploy the stack set ${name}`
  const needs = needAll(role, operations, stackSetArn(region, account, name), because)
  if (!isServiceManaged) return needs
  const targets = targetsOf(action)
  const asked = operations.filter((one) => /:(CreateStackInstances|UpdateStackSet)$/.test(one))
  const arn = (owner: string, resource: string) => formatArn('cloudformation', '*', owner, resource)
  return [
    ...needs,
    ...(targets.length ? targets : ['*']).flatMap((target) =>
      needAll(role, asked, arn(account, `stackset-target/${name}:*/${target}`), because),
    ),
    // Which types the template has is not told by the pipeline.
    ...needAll(role, asked, arn('', 'type/resource/*'), because),
    ...(value('CallAs') === 'DELEGATED_ADMIN'
      ? needAll(role, ['organizations:ListDelegatedAdministrators'], '*', because)
      : []),
  ]
}

const stackSetArn = (region: string, account: string, name: string): string =>
  formatArn('cloudformation', region, account, `stackset/${name}:*`)

/**
 * Gives what it takes to deploy with self-managed permissions: CloudFormation assumes the administration role in the
 * account of the stack set, and as that role the execution role in each target.
 * AWS: a role that is named is passed, at each update again; the one that AWS takes by itself is not.
 */
export function selfManagedNeeds(around: ActionSurroundings): Need[] {
  const { action, role, account, region, value } = around
  const name = value('StackSetName')
  const because = `to deploy the stack set ${name}`
  const service = 'cloudformation.amazonaws.com'
  const named = value('AdministrationRoleArn')
  const administration = named || formatArn('iam', '', account, `role/${ADMINISTRATION_ROLE}`)
  return [
    ...(named ? [passRole(role, named, service, because)] : []),
    {
      principal: service,
      action: 'sts:AssumeRole',
      resource: administration,
      context: {
        'aws:SourceAccount': account,
        'aws:SourceArn': stackSetArn(region, account, name),
      },
      because,
    },
    ...targetsOf(action)
      .filter((target) => TARGET_ACCOUNT.test(target))
      .flatMap((target) => instanceNeeds(around, administration, target)),
  ]
}

function instanceNeeds(
  { action, value }: ActionSurroundings,
  administration: string,
  target: string,
): Need[] {
  const { ExecutionRoleName: named, Regions: regions = '' } = action.configuration ?? {}
  const name = value('StackSetName')
  const execution = formatArn('iam', '', target, `role/${named ?? EXECUTION_ROLE}`)
  const stacks = listed(regions.includes('#{') || regions.includes('::') ? '*' : regions)
  return [
    {
      principal: administration,
      action: 'sts:AssumeRole',
      resource: execution,
      because: `to deploy the stack set ${name} to ${target}`,
    },
    ...stacks.flatMap((region) =>
      needAll(
        execution,
        INSTANCE_OPERATIONS,
        formatArn('cloudformation', region, target, `stack/${stackSetStackPrefix(name)}*/*`),
        `to keep the stacks of the stack set ${name}`,
      ),
    ),
  ]
}

/** Gives the needs to read the files that an action names. */
export const fileNeeds = ({ action, role, reads }: ActionSurroundings): Need[] =>
  inputsOf(action).flatMap((name) => reads(role, name, `to read the artifact ${name}`))
