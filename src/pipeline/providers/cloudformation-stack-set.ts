/** Deployment of a CloudFormation stack set: made or updated, with the stacks that it names. */
import type { ActionDeclaration } from '../../model/index.ts'
import { type ActionProvider, awsAction, between } from '../provider.ts'
import { TARGET_ACCOUNT, TARGET_UNIT } from '../stack-set.ts'
import { checkFile } from './artifact-file.ts'
import {
  checkTargets,
  fileNeeds,
  operatorNeeds,
  SERVICE_MANAGED,
  STACK_SET_KEYS,
  selfManagedNeeds,
  targetsOf,
} from './stack-set-action.ts'

/** AWS: "Service role permissions: CloudFormationStackSet action". */
const OPERATIONS = [
  'cloudformation:CreateStackSet',
  'cloudformation:UpdateStackSet',
  'cloudformation:CreateStackInstances',
  'cloudformation:DescribeStackSetOperation',
  'cloudformation:DescribeStackSet',
  'cloudformation:ListStackInstances',
]

export const cloudformationStackSet: ActionProvider = {
  type: awsAction('Deploy', 'CloudFormationStackSet'),
  inputs: between(1, 3),
  outputs: between(0, 0),
  configuration: {
    ...STACK_SET_KEYS,
    TemplatePath: { required: true },
    Description: {},
    Parameters: {},
    Capabilities: {},
    PermissionModel: { values: ['SELF_MANAGED', SERVICE_MANAGED] },
    AdministrationRoleArn: {},
    ExecutionRoleName: {},
    OrganizationsAutoDeployment: { values: ['Enabled', 'Disabled', 'EnabledWithStackRetention'] },
  },
  variables: ['StackSetId', 'OperationId'],
  check: (action) => [...checkTargets(action, 'Parameters'), ...checkTemplate(action), ...checkModel(action)],
  needs: (around) => {
    const isServiceManaged = around.value('PermissionModel') === SERVICE_MANAGED
    return [
      ...operatorNeeds(around, OPERATIONS, isServiceManaged),
      ...(isServiceManaged ? [] : selfManagedNeeds(around)),
      ...fileNeeds(around),
    ]
  },
}

const checkTemplate = ({ configuration = {}, inputArtifacts = [] }: ActionDeclaration): string[] => [
  ...checkFile(
    'TemplatePath',
    configuration.TemplatePath,
    inputArtifacts.map(({ name }) => name),
  ),
  ...(/,\s|\s,/.test(configuration.Capabilities ?? '')
    ? ['Capabilities must be separated by commas without spaces']
    : []),
]

/** AWS: what each permission model has no use for; the roles are StackSets' own where it manages them. */
function checkModel(action: ActionDeclaration): string[] {
  const { configuration = {} } = action
  const isServiceManaged = configuration.PermissionModel === SERVICE_MANAGED
  const useless = isServiceManaged
    ? ['AdministrationRoleArn', 'ExecutionRoleName']
    : ['OrganizationsAutoDeployment', 'CallAs']
  const problems = useless
    .filter((key) => configuration[key])
    .map(
      (key) =>
        `${key} has no meaning with PermissionModel ${isServiceManaged ? SERVICE_MANAGED : 'SELF_MANAGED'}`,
    )
  if (configuration.OrganizationsAutoDeployment && configuration.DeploymentTargets)
    problems.push('OrganizationsAutoDeployment is given without DeploymentTargets and Regions')
  const foreign = isServiceManaged ? TARGET_ACCOUNT : TARGET_UNIT
  for (const target of targetsOf(action))
    if (foreign.test(target))
      problems.push(
        isServiceManaged
          ? `DeploymentTargets has the account ${target}; with PermissionModel SERVICE_MANAGED it takes organizational units`
          : `DeploymentTargets has the unit ${target}; with PermissionModel SELF_MANAGED it takes accounts`,
      )
  return problems
}
