/** What an ECS deployment needs beyond ECS: builds that push its images, and tasks that take on roles and pull them. */
import { type ActionDeclaration, type Arn, formatArn, type Need, parseArn } from '../../model/index.ts'
import { IMAGE_PULL, imagePushNeeds, namedThings } from '../../pipeline/index.ts'
import type { KnownPipeline, KnownProject, KnownTaskRoles, Landscape } from '../landscape/landscape.ts'

/** AWS: ECS takes on the roles of tasks under a principal of its own ("Amazon ECS task execution IAM role"). */
const TASKS = 'ecs-tasks.amazonaws.com'

/**
 * Gives what the tasks of a deployed service need, and, for a build whose artifact names the images of one, what pushing
 * them takes: to the repositories that it is told of.
 */
export function taskNeeds(pipeline: KnownPipeline, action: ActionDeclaration, landscape: Landscape): Need[] {
  const { service } = namedThings(action.actionTypeId, action.configuration)
  if (service) return deployNeeds(service, pipeline, action, landscape)
  const project = projectOf(pipeline, action, landscape)
  const isDeployed = project?.repositories?.length && readersOf(pipeline, action).some(deploysService)
  return isDeployed ? imagePushNeeds(project.serviceRole, project.repositories) : []
}

const deploysService = ({ actionTypeId, configuration }: ActionDeclaration): boolean =>
  namedThings(actionTypeId, configuration).service !== undefined

const allOf = ({ declaration }: KnownPipeline): readonly ActionDeclaration[] =>
  declaration.stages.flatMap(({ actions }) => actions)

const readersOf = (pipeline: KnownPipeline, { outputArtifacts = [] }: ActionDeclaration) =>
  allOf(pipeline).filter(({ inputArtifacts = [] }) =>
    inputArtifacts.some(({ name }) => outputArtifacts.some((one) => one.name === name)),
  )

function projectOf(
  { account, region: home }: KnownPipeline,
  { actionTypeId, configuration, region = home }: ActionDeclaration,
  { projects }: Landscape,
): KnownProject | undefined {
  const { project } = namedThings(actionTypeId, configuration)
  return project ? projects.get(formatArn('codebuild', region, account, `project/${project}`)) : undefined
}

/** AWS: the execution role of the task definition pulls; a token is not bound to a repository. */
function deployNeeds(
  name: string,
  pipeline: KnownPipeline,
  action: ActionDeclaration,
  landscape: Landscape,
): Need[] {
  const tasks = tasksOf(name, pipeline, action, landscape)
  if (!tasks) return []
  const needs = tasks.roles.map(
    (resource): Need => ({
      principal: TASKS,
      action: 'sts:AssumeRole',
      resource,
      context: { 'aws:SourceAccount': tasks.account },
      because: `to run the tasks of the service ${name}`,
    }),
  )
  if (tasks.isTagged)
    needs.push({
      principal: action.roleArn ?? pipeline.declaration.roleArn,
      action: 'ecs:TagResource',
      resource: tasks.taskDefinition.replace(/:[^:]*$/, ':*'),
      // AWS: a revision takes over the tags of the one before it.
      context: { 'ecs:CreateAction': 'RegisterTaskDefinition' },
      because: `to tag the task definition of the service ${name}`,
    })
  const principal = tasks.executionRole
  if (!principal) return needs
  const secretly = `to read the secrets of the service ${name}`
  for (const [calls, from] of [
    ['secretsmanager:GetSecretValue', tasks.secrets],
    ['ssm:GetParameters', tasks.parameters],
  ] as const)
    needs.push(...(from ?? []).map((resource) => ({ principal, action: calls, resource, because: secretly })))
  const repositories = new Set([...tasks.repositories, ...builtFor(pipeline, action, landscape)])
  if (!repositories.size) return needs
  const because = `to pull the images of the service ${name}`
  return [
    ...needs,
    { principal, action: 'ecr:GetAuthorizationToken', resource: '*', because },
    ...[...repositories].flatMap((resource) =>
      IMAGE_PULL.map((one): Need => ({ principal, action: one, resource, because })),
    ),
  ]
}

function tasksOf(
  name: string,
  { account: home, region: homeRegion }: KnownPipeline,
  { actionTypeId, configuration, roleArn, region = homeRegion }: ActionDeclaration,
  { services, taskRoles }: Landscape,
): KnownTaskRoles | undefined {
  const { cluster } = namedThings(actionTypeId, configuration)
  const account = parseArn(roleArn ?? '')?.account ?? home
  const service = services.find(
    (one) => one.account === account && one.region === region && one.cluster === cluster && one.name === name,
  )
  return service && taskRoles.find(({ taskDefinition }) => taskDefinition === service.taskDefinition)
}

/** The repositories that the builds of the action's artifacts are told of. */
const builtFor = (
  pipeline: KnownPipeline,
  { inputArtifacts = [] }: ActionDeclaration,
  landscape: Landscape,
): readonly Arn[] =>
  allOf(pipeline)
    .filter(({ outputArtifacts = [] }) =>
      outputArtifacts.some(({ name }) => inputArtifacts.some((one) => one.name === name)),
    )
    .flatMap((one) => projectOf(pipeline, one, landscape)?.repositories ?? [])
