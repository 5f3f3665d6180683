/**
 * Deployment to instances by CodeDeploy. AWS: the artifact is a zip archive, and a function or a service takes none: such a
 * deployment fails with `BundleType must be either YAML or JSON`.
 */
import { formatArn } from '../../model/index.ts'
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

export const codeDeploy: ActionProvider = {
  type: awsAction('Deploy', 'CodeDeploy'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    ApplicationName: { required: true, names: 'application' },
    DeploymentGroupName: { required: true, names: 'deploymentGroup' },
  },
  variables: [],
  refusedLocally: true,
  needs: (around) => [
    ...deploymentNeeds(around, 'CodeDeployDefault.OneAtATime'),
    ...(around.action.inputArtifacts ?? []).flatMap((one) =>
      around.reads(around.role, one.name, `to register the revision in the artifact ${one.name}`),
    ),
  ],
}

/**
 * Gives what starting and watching a CodeDeploy deployment takes; `byDefault` is the configuration of a group that names
 * none. AWS: CodeDeploy looks at the configuration that the group names; CDK grants codedeploy:GetDeploymentConfig on
 * that one alone (CodeDeployServerDeployAction, CodeDeployEcsDeployAction).
 */
export function deploymentNeeds(
  { role, account, region, surroundings, value }: ActionSurroundings,
  byDefault: string,
) {
  const because = `to deploy the application ${value('ApplicationName')}`
  const arn = (resource: string) => formatArn('codedeploy', region, account, resource)
  const group = `${value('ApplicationName')}/${value('DeploymentGroupName')}`
  const where = { account, region }
  const [application, name] = [value('ApplicationName'), value('DeploymentGroupName')]
  const named = surroundings.deploymentConfig?.(application, name, where) ?? byDefault
  return [
    ...needAll(
      role,
      ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
      arn(`deploymentgroup:${group}`),
      because,
    ),
    ...needAll(
      role,
      ['codedeploy:GetApplicationRevision', 'codedeploy:RegisterApplicationRevision'],
      arn(`application:${value('ApplicationName')}`),
      because,
    ),
    ...needAll(role, ['codedeploy:GetDeploymentConfig'], arn(`deploymentconfig:${named}`), because),
  ]
}
