/** A CodeBuild build, as a Build or a Test action. */
import { type ActionDeclaration, formatArn, type Need, readJson } from '../../model/index.ts'
import { reportNeeds } from '../build-reports.ts'
import { parameterArn, secretArn } from '../environment-values.ts'
import { batchNeeds, projectNeeds, runNeed } from '../project-needs.ts'
import { type ActionProvider, awsAction, between, needAll, passRole } from '../provider.ts'
import type { ActionSurroundings, ProjectSurroundings } from '../surroundings.ts'

const OTHER_ROLE = 'to have the build work under another role than its project’s'

const describe = (category: 'Build' | 'Test'): ActionProvider => ({
  type: awsAction(category, 'CodeBuild'),
  inputs: between(1, 5),
  outputs: between(0, 5),
  configuration: {
    ProjectName: { required: true, names: 'project' },
    PrimarySource: {},
    EnvironmentVariables: {},
    BuildspecOverride: {},
    ServiceRoleArnOverride: {},
    BatchEnabled: { values: ['true', 'false'], names: 'batch' },
    CombineArtifacts: { values: ['true', 'false'] },
  },
  variables: 'dynamic',
  worker: 'build',
  cost: 'compute',
  check,
  needs: (around) => {
    const name = around.value('ProjectName')
    const { role, account, region } = around
    const project = formatArn('codebuild', region, account, `project/${name}`)
    const found = around.surroundings.project(name, { account, region })
    const isBatch = around.value('BatchEnabled') === 'true'
    const operations = isBatch
      ? ['codebuild:StartBuildBatch', 'codebuild:BatchGetBuildBatches']
      : ['codebuild:StartBuild', 'codebuild:BatchGetBuilds']
    const other = around.value('ServiceRoleArnOverride')
    return [
      ...needAll(role, operations, project, `to run the build project ${name}`),
      // AWS: an action may give the build another role, which CodePipeline then passes on (action-reference-CodeBuild).
      ...(other ? [passRole(role, other, 'codebuild.amazonaws.com', OTHER_ROLE)] : []),
      ...(found
        ? buildNeeds(around, { arn: project, ...found, ...(other && { serviceRole: other }) }, project)
        : []),
      ...(found && isBatch ? batchNeeds(found, project) : []),
    ]
  },
})

/** A build of any of the pipeline's commits. */
export const codeBuild = describe('Build')
/** A build that tests. */
export const codeBuildTest = describe('Test')

function check({ inputArtifacts = [], configuration = {} }: ActionDeclaration): string[] {
  const problems: string[] = []
  const { PrimarySource: primary, EnvironmentVariables: variables } = configuration
  const names = inputArtifacts.map((one) => one.name)
  if (names.length > 1 && !primary)
    problems.push('PrimarySource is required where there is more than one input artifact')
  if (primary && !primary.includes('#{') && !names.includes(primary))
    problems.push(`PrimarySource is "${primary}", which is not one of the input artifacts`)
  if (configuration.CombineArtifacts && configuration.BatchEnabled !== 'true')
    problems.push('CombineArtifacts takes effect only with BatchEnabled')
  if (variables !== undefined && !isVariableList(variables))
    problems.push('EnvironmentVariables must be a JSON list of objects with a name and a value')
  return problems
}

function isVariableList(text: string): boolean {
  try {
    const list: unknown = readJson(text)
    return (
      Array.isArray(list) &&
      list.every((one) => typeof one?.name === 'string' && typeof one?.value === 'string')
    )
  } catch {
    return false
  }
}

/** AWS: the project's role, not the action's, reads the inputs and writes the outputs, with the project's own key. */
function buildNeeds(around: ActionSurroundings, project: ProjectSurroundings, projectArn: string): Need[] {
  const { action, clones, inspects, reads, writes } = around
  const { serviceRole, encryptionKey: key } = project
  return [
    runNeed(serviceRole, projectArn, project.account),
    ...projectNeeds(project),
    ...inspects(serviceRole, ['Location', 'Acl']),
    ...(action.inputArtifacts ?? []).flatMap(({ name }) =>
      reads(serviceRole, name, `to read the artifact ${name} in a build`),
    ),
    ...(action.inputArtifacts ?? []).flatMap(({ name }) => clones(serviceRole, name)),
    ...(action.outputArtifacts ?? []).flatMap(({ name }) =>
      writes(serviceRole, name, `to store the build artifact ${name}`, { key }),
    ),
    // AWS: what the builds of a batch left behind is read again and made one, as the role of the builds.
    ...(action.configuration?.CombineArtifacts === 'true' ? (action.outputArtifacts ?? []) : []).flatMap(
      ({ name }) => reads(serviceRole, name, `to combine the artifacts ${name} of the batch`),
    ),
    ...environmentNeeds(around, project),
    // AWS: an action may give the build another buildspec, of which the project's says nothing.
    ...(action.configuration?.BuildspecOverride ? [] : reportNeeds(serviceRole, project.reports ?? [])),
  ]
}

const read = (principal: string, action: string, resource: string): Need => ({
  principal,
  action,
  resource,
  because: 'to put a secret value into the build’s environment',
})

/** Parameters and secrets that the action itself puts into the build's environment. */
function environmentNeeds({ action }: ActionSurroundings, project: ProjectSurroundings): Need[] {
  const text = action.configuration?.EnvironmentVariables
  if (!text || !isVariableList(text)) return []
  const { serviceRole } = project
  return (readJson(text) as { value: string; type?: string }[]).flatMap(({ value, type }) => {
    if (value.includes('#{')) return []
    if (type === 'PARAMETER_STORE')
      return [read(serviceRole, 'ssm:GetParameters', parameterArn(value, project))]
    if (type === 'SECRETS_MANAGER')
      return [read(serviceRole, 'secretsmanager:GetSecretValue', secretArn(value, project))]
    return []
  })
}
