/** Deployment of a CloudFormation stack set. */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll, passRole } from '../provider.ts'

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
    StackSetName: { required: true },
    TemplatePath: { required: true },
    Description: {},
    Parameters: {},
    Capabilities: {},
    PermissionModel: { values: ['SELF_MANAGED', 'SERVICE_MANAGED'] },
    AdministrationRoleArn: {},
    ExecutionRoleName: {},
    OrganizationsAutoDeployment: { values: ['Enabled', 'Disabled', 'EnabledWithStackRetention'] },
    DeploymentTargets: {},
    Regions: {},
    FailureTolerancePercentage: {},
    MaxConcurrentPercentage: {},
    CallAs: { values: ['SELF', 'DELEGATED_ADMIN'] },
  },
  variables: ['StackSetId', 'OperationId'],
  needs: ({ action, role, account, region, value, reads }) => {
    const because = `to deploy the stack set ${value('StackSetName')}`
    const resource = formatArn('cloudformation', region, account, `stackset/${value('StackSetName')}:*`)
    const administration = value('AdministrationRoleArn')
    return [
      ...needAll(role, OPERATIONS, resource, because),
      ...(administration ? [passRole(role, administration, 'cloudformation.amazonaws.com', because)] : []),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the artifact ${one.name}`),
      ),
    ]
  },
}
