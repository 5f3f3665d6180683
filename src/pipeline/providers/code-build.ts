/** A CodeBuild build, as a Build or a Test action. */
import { type ActionDeclaration, formatArn, type Need, readJson } from '../../model/index.ts'
import { reportNeeds } from '../build-reports.ts'
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
      ...(found ? projectNeeds(around, other ? { ...found, serviceRole: other } : found, project) : []),
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
function projectNeeds(around: ActionSurroundings, project: ProjectSurroundings, projectArn: string): Need[] {
  const { action, inspects, reads, writes } = around
  const { serviceRole, encryptionKey: key } = project
  return [
    {
      principal: 'codebuild.amazonaws.com',
      action: 'sts:AssumeRole',
      resource: serviceRole,
      context: { 'aws:SourceArn': projectArn, 'aws:SourceAccount': project.account },
      because: 'to run builds under the project’s role',
    },
    ...logNeeds(project),
    ...inspects(serviceRole, ['Location', 'Acl']),
    ...(action.inputArtifacts ?? []).flatMap(({ name }) =>
      reads(serviceRole, name, `to read the artifact ${name} in a build`),
    ),
    ...(action.outputArtifacts ?? []).flatMap(({ name }) =>
      writes(serviceRole, name, `to store the build artifact ${name}`, { key }),
    ),
    ...(project.parameters ?? []).map((resource) => read(serviceRole, 'ssm:GetParameters', resource)),
    ...(project.secrets ?? []).map((resource) =>
      read(serviceRole, 'secretsmanager:GetSecretValue', resource),
    ),
    ...environmentNeeds(around, project),
    // AWS: an action may give the build another buildspec, of which the project's says nothing.
    ...(action.configuration?.BuildspecOverride ? [] : reportNeeds(serviceRole, project.reports ?? [])),
  ]
}

/** AWS: CodeBuild starts the builds of a batch under a role that is made for that (batch-build, security role). */
function batchNeeds({ batchRole, account }: ProjectSurroundings, projectArn: string): Need[] {
  if (!batchRole) return []
  return [
    {
      principal: 'codebuild.amazonaws.com',
      action: 'sts:AssumeRole',
      resource: batchRole,
      context: { 'aws:SourceArn': projectArn, 'aws:SourceAccount': account },
      because: 'to start the builds of a batch under its role',
    },
    {
      principal: batchRole,
      action: 'codebuild:StartBuild',
      resource: projectArn,
      because: 'to start the builds of a batch',
    },
  ]
}

/** AWS: creating a group is authorized on its ARN with `:log-stream:` behind it. */
function logNeeds({ serviceRole, logGroup }: ProjectSurroundings): Need[] {
  const because = 'to write the build’s log'
  const actions = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents']
  return needAll(serviceRole, actions, `${logGroup}:log-stream:*`, because)
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
  const { account, region, serviceRole } = project
  return (readJson(text) as { value: string; type?: string }[]).flatMap(({ value, type }) => {
    if (value.includes('#{')) return []
    if (type === 'PARAMETER_STORE')
      return [read(serviceRole, 'ssm:GetParameters', parameterArn(value, region, account))]
    if (type === 'SECRETS_MANAGER')
      return [read(serviceRole, 'secretsmanager:GetSecretValue', secretArn(value, region, account))]
    return []
  })
}

const parameterArn = (name: string, region: string, account: string): string =>
  name.startsWith('arn:') ? name : formatArn('ssm', region, account, `parameter/${name.replace(/^\//, '')}`)

/** AWS: `secret-id:json-key:version-stage:version-id`, and a secret's ARN ends in six random characters. */
function secretArn(reference: string, region: string, account: string): string {
  if (reference.startsWith('arn:')) return reference.split(':').slice(0, 7).join(':')
  return formatArn('secretsmanager', region, account, `secret:${reference.split(':')[0]}-??????`)
}
