/** Blue/green deployment of an ECS service by CodeDeploy. */
import { formatArn } from '../../model/index.ts'
import {
  type ActionProvider,
  awsAction,
  between,
  type ConfigurationKey,
  needAll,
  passRole,
} from '../provider.ts'
import { deploymentNeeds } from './code-deploy.ts'

const images: Record<string, ConfigurationKey> = Object.fromEntries(
  [1, 2, 3, 4].flatMap((n) => [
    [`Image${n}ArtifactName`, {}],
    [`Image${n}ContainerName`, {}],
  ]),
)

/** AWS: each artifact but those of the templates is taken for an image's ("Action configuration is missing …"). */
function tooManyArtifacts(
  configuration: Readonly<Record<string, string>>,
  inputs: readonly string[],
): string[] {
  const { TaskDefinitionTemplateArtifact, AppSpecTemplateArtifact } = configuration
  const templates = new Set([TaskDefinitionTemplateArtifact, AppSpecTemplateArtifact])
  const others = inputs.filter((name) => !templates.has(name)).length
  const named = [1, 2, 3, 4].filter((n) => configuration[`Image${n}ContainerName`]).length
  return others > named
    ? [`Action configuration is missing 'Image${named + 1}ContainerName' configuration.`]
    : []
}

/**
 * AWS: "Amazon Elastic Container Service and CodeDeploy blue-green deploy action reference", minimum permissions; tags of task
 * definitions are authorized where the account has opted in.
 */
export const codeDeployToEcs: ActionProvider = {
  type: awsAction('Deploy', 'CodeDeployToECS'),
  inputs: between(1, 5),
  outputs: between(0, 0),
  configuration: {
    ApplicationName: { required: true, names: 'application' },
    DeploymentGroupName: { required: true, names: 'deploymentGroup' },
    TaskDefinitionTemplateArtifact: { required: true },
    AppSpecTemplateArtifact: { required: true },
    TaskDefinitionTemplatePath: {},
    AppSpecTemplatePath: {},
    ...images,
  },
  variables: [],
  // AWS: the task definition comes with the artifact, and only CodeDeploy knows the service it replaces.
  unread: {
    what: 'the roles of the task definitions',
    why: 'the SDK client for CodeDeploy is not part of Crossdock',
  },
  check: ({ configuration = {}, inputArtifacts = [] }) => {
    const inputs = inputArtifacts.map((one) => one.name)
    const problems = Object.entries(configuration)
      .filter(
        ([key, value]) => /Artifact(Name)?$/.test(key) && !value.includes('#{') && !inputs.includes(value),
      )
      .map(([key, value]) => `${key} names the artifact ${value}, which is not one of its inputs`)
    problems.push(...tooManyArtifacts(configuration, inputs))
    for (const n of [1, 2, 3, 4])
      if (!configuration[`Image${n}ArtifactName`] !== !configuration[`Image${n}ContainerName`])
        problems.push(`Image${n}ArtifactName and Image${n}ContainerName belong together`)
    return problems
  },
  needs: (around) => {
    const { action, role, account, region, value, reads } = around
    const because = `to deploy the application ${value('ApplicationName')}`
    const application = formatArn('codedeploy', region, account, `application:${value('ApplicationName')}`)
    return [
      ...deploymentNeeds(around, 'CodeDeployDefault.ECSAllAtOnce'),
      ...needAll(role, ['codedeploy:GetApplication'], application, because),
      ...needAll(role, ['ecs:RegisterTaskDefinition'], '*', because),
      passRole(role, formatArn('iam', '', account, 'role/*'), 'ecs-tasks.amazonaws.com', because),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to read the artifact ${one.name}`),
      ),
    ]
  },
}
