/** What the tasks of an ECS deployment need to pull their images from ECR. */
import type { ActionDeclaration, Need } from '../../model/index.ts'
import { parseArn } from '../../model/index.ts'
import { namedThings } from '../../pipeline/index.ts'
import type { KnownPipeline, Landscape } from '../landscape/landscape.ts'

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage']

/** AWS: the execution role of the task definition pulls; a token is not bound to a repository. */
export function imagePulls(
  { account: home, region: homeRegion }: KnownPipeline,
  { actionTypeId, configuration, roleArn, region = homeRegion }: ActionDeclaration,
  { services, taskRoles }: Landscape,
): Need[] {
  const named = namedThings(actionTypeId, configuration)
  if (!named.service) return []
  const account = parseArn(roleArn ?? '')?.account ?? home
  const service = services.find(
    (one) =>
      one.account === account &&
      one.region === region &&
      one.cluster === named.cluster &&
      one.name === named.service,
  )
  const tasks = service && taskRoles.find(({ taskDefinition }) => taskDefinition === service.taskDefinition)
  if (!tasks?.executionRole || !tasks.repositories.length) return []
  const principal = tasks.executionRole
  const because = `to pull the images of the service ${named.service}`
  return [
    { principal, action: 'ecr:GetAuthorizationToken', resource: '*', because },
    ...tasks.repositories.flatMap((resource) =>
      PULL.map((action): Need => ({ principal, action, resource, because })),
    ),
  ]
}
