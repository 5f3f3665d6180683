/** Deployment of further stacks of a stack set that an earlier action made or updated. */
import type { PipelineDeclaration } from '../../model/index.ts'
import { type ActionProvider, awsAction, between } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'
import { cloudformationStackSet } from './cloudformation-stack-set.ts'
import {
  checkTargets,
  fileNeeds,
  operatorNeeds,
  SERVICE_MANAGED,
  STACK_SET_KEYS,
  selfManagedNeeds,
} from './stack-set-action.ts'

/** AWS: "Service role permissions: CloudFormationStackInstances action". */
const OPERATIONS = ['cloudformation:CreateStackInstances', 'cloudformation:DescribeStackSetOperation']

export const cloudformationStackInstances: ActionProvider = {
  type: awsAction('Deploy', 'CloudFormationStackInstances'),
  inputs: between(0, 2),
  outputs: between(0, 0),
  configuration: {
    ...STACK_SET_KEYS,
    DeploymentTargets: { required: true },
    Regions: { required: true },
    ParameterOverrides: {},
  },
  variables: ['StackSetId', 'OperationId'],
  check: (action) => checkTargets(action, 'ParameterOverrides'),
  needs: (around) => {
    const set = settingsOf(around)
    const isServiceManaged = set?.PermissionModel === SERVICE_MANAGED
    return [
      ...operatorNeeds(around, OPERATIONS, isServiceManaged),
      ...(set && !isServiceManaged ? selfManagedNeeds(withRoles(around, set)).filter(isOfStackSet) : []),
      ...fileNeeds(around),
    ]
  },
}

type Settings = Readonly<Record<string, string>>

/** The configuration of the pipeline's action that makes the stack set; undefined where none of it does. */
function settingsOf({ pipeline, action, region, surroundings }: ActionSurroundings): Settings | undefined {
  const { provider } = cloudformationStackSet.type
  const made = actionsOf(pipeline).find(
    (one) =>
      one.actionTypeId.provider === provider &&
      one.configuration?.StackSetName === action.configuration?.StackSetName &&
      one.roleArn === action.roleArn &&
      (one.region ?? surroundings.region) === region,
  )
  return made?.configuration
}

const actionsOf = ({ stages }: PipelineDeclaration) => stages.flatMap(({ actions }) => actions)

/** The roles are the stack set's: the action names none. */
function withRoles(around: ActionSurroundings, set: Settings): ActionSurroundings {
  const { AdministrationRoleArn, ExecutionRoleName } = set
  const configuration = {
    ...around.action.configuration,
    ...(AdministrationRoleArn && { AdministrationRoleArn }),
    ...(ExecutionRoleName && { ExecutionRoleName }),
  }
  return {
    ...around,
    action: { ...around.action, configuration },
    value: (key) => (key === 'AdministrationRoleArn' ? (AdministrationRoleArn ?? '') : around.value(key)),
  }
}

/** AWS: the stack set has its administration role already; nobody passes it. */
const isOfStackSet = ({ action }: { readonly action: string }): boolean => action !== 'iam:PassRole'
