/** An image built of a Dockerfile and pushed to a repository, on CodePipeline's own compute. */
import { formatArn, type Need } from '../../model/index.ts'
import { computeLogNeeds, inputNeeds } from '../compute-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

/** On the repository, whichever registry it is in. */
const PUSH = [
  'DescribeRepositories',
  'InitiateLayerUpload',
  'UploadLayerPart',
  'CompleteLayerUpload',
  'PutImage',
  'BatchCheckLayerAvailability',
]

/** AWS: "ECRBuildAndPublish build action reference"; the log's permissions it names "in order to view CloudWatch logs". */
export const ecrBuildAndPublish: ActionProvider = {
  type: awsAction('Build', 'ECRBuildAndPublish'),
  inputs: between(1, 1),
  outputs: between(0, 0),
  configuration: {
    ECRRepositoryName: { required: true, names: 'imageRepository' },
    DockerFilePath: {},
    ImageTags: {},
    RegistryType: { values: ['private', 'public'] },
  },
  variables: ['ECRImageDigestId', 'ECRRepositoryName'],
  pipelineType: 'V2',
  cost: 'compute',
  refusedPart: ({ configuration = {} }) =>
    configuration.RegistryType === 'public' ? 'a public registry' : undefined,
  needs: (around) => [...pushNeeds(around), ...optionally(computeLogNeeds(around)), ...inputNeeds(around)],
}

/** AWS: a public registry has no region in its ARNs, and logs in with a bearer token of STS. */
function pushNeeds({ role, account, region, value }: ActionSurroundings): Need[] {
  const name = value('ECRRepositoryName')
  const because = `to push the image to the repository ${name}`
  const isPublic = value('RegistryType') === 'public'
  const service = isPublic ? 'ecr-public' : 'ecr'
  const repository = formatArn(service, isPublic ? '' : region, account, `repository/${name}`)
  const actions = isPublic ? PUSH : [...PUSH, 'GetDownloadUrlForLayer']
  return [
    ...needAll(role, [`${service}:GetAuthorizationToken`], '*', because),
    ...(isPublic ? needAll(role, ['sts:GetServiceBearerToken'], '*', because) : []),
    ...needAll(
      role,
      actions.map((one) => `${service}:${one}`),
      repository,
      because,
    ),
  ]
}
