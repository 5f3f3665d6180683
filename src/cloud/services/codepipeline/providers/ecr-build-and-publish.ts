/** An image built of a Dockerfile and pushed, on compute of the pipeline's own: with the engine that builds find here. */
import { AwsError } from '../../../../model/index.ts'
import { runCompute } from './commands.ts'
import { ActionFailure, type ActionJob, type Runner } from './runner.ts'

/**
 * AWS does not tell its commands. The source is what is built, also where the Dockerfile is elsewhere in it; the path is
 * the file's or its folder's ("The location of the Dockerfile").
 */
const COMMANDS = [
  'if [ -d "$DOCKERFILE" ]; then DOCKERFILE="$DOCKERFILE/Dockerfile"; fi',
  'set -- ; for TAG in $TAGS; do set -- "$@" --tag "$REPOSITORY_URI:$TAG"; done',
  'docker build --file "$DOCKERFILE" "$@" .',
  'for TAG in $TAGS; do docker push "$REPOSITORY_URI:$TAG" > pushed.txt || exit 1; cat pushed.txt; done',
  `export ECRImageDigestId=$(sed -n 's/.*digest: \\(sha256:[0-9a-f]*\\).*/\\1/p' pushed.txt)`,
  'test -n "$ECRImageDigestId"',
  'export ECRRepositoryName=$REPOSITORY_NAME',
]

export const ecrBuildAndPublish: Runner = {
  id: 'Build/ECRBuildAndPublish',
  run: async (job) => {
    const { ECRRepositoryName: name = '', DockerFilePath = '.', ImageTags = 'latest' } = job.configuration
    const plain = (one: string, value: string) => ({ name: one, value, type: 'PLAINTEXT' })
    return runCompute(job, {
      commands: COMMANDS,
      variables: [
        plain('REPOSITORY_NAME', name),
        plain('REPOSITORY_URI', await uriOf(job, name)),
        plain('DOCKERFILE', DockerFilePath || '.'),
        plain('TAGS', tagsOf(ImageTags || 'latest').join(' ')),
      ],
      exported: ['ECRImageDigestId', 'ECRRepositoryName'],
      publishes: true,
    })
  },
}

/** AWS: "a comma-delimited list". Errors: ActionFailure for what is no tag. */
function tagsOf(list: string): string[] {
  const tags = list.split(',').map((one) => one.trim())
  const wrong = tags.find((one) => !/^\w[\w.-]{0,127}$/.test(one))
  if (wrong === undefined) return tags
  throw new ActionFailure(`"${wrong}" is no tag of an image`, { code: 'ConfigurationError' })
}

async function uriOf(job: ActionJob, name: string): Promise<string> {
  try {
    const input = { repositoryNames: [name] }
    const { repositories = [] } = await job.call('ecr', 'DescribeRepositories', input)
    return repositories[0]?.repositoryUri ?? ''
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw new ActionFailure(error.message)
  }
}
