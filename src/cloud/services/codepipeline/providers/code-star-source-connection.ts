/** Source from a local repository that stands for the one behind a connection. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArn } from '../../../../model/index.ts'
import { repositoryPushed } from '../../../kernel/service-events.ts'
import { collection } from '../../../kernel/store.ts'
import { resourceTagKeys, type Tags } from '../../../kernel/tags.ts'
import { runGit } from '../../../machine/run-git.ts'
import { startByPush } from './git-triggers.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner, startsOn } from './runner.ts'

const REPOSITORY = /^[A-Za-z0-9_][A-Za-z0-9_.-]*\/[A-Za-z0-9_][A-Za-z0-9_.-]*$/
const COMMIT = /^[0-9a-f]{40}$/

/** CodeConnections' own records: AWS looks at a connection inside, with no API call of the pipeline's. */
const connections = collection<{ readonly status: string; readonly tags: Tags }>(
  'codeconnections.connections',
)

export const codeStarSourceConnection: Runner = {
  id: 'Source/CodeStarSourceConnection',
  unsupported: ({ configuration = {} }) =>
    configuration.OutputArtifactFormat === 'CODEBUILD_CLONE_REF'
      ? 'the OutputArtifactFormat CODEBUILD_CLONE_REF'
      : undefined,
  starts: startsOn(repositoryPushed, startByPush),
  run: async (job) => {
    await useConnection(job)
    const {
      FullRepositoryId: repository = '',
      BranchName: branch = '',
      ConnectionArn = '',
    } = job.configuration
    const folder = repositoryFolder(job, repository)
    const commit = await readCommit(folder, repository, wanted(job, branch))
    await job.write(job.outputs[0]!, await runGit(folder, 'archive', '--format=zip', '-1', commit.CommitId))
    return {
      variables: {
        ...commit,
        BranchName: job.override?.branch ?? branch,
        ConnectionArn,
        FullRepositoryName: repository,
      },
      ...describe(job, repository, commit),
    }
  },
}

/** The role in effect must be allowed to use the connection, and the connection must be complete. */
async function useConnection(job: ActionJob): Promise<void> {
  const { ConnectionArn: arn = '', FullRepositoryId: repository = '' } = job.configuration
  const parts = parseArn(arn)
  const service = parts?.service === 'codeconnections' ? 'codeconnections' : 'codestar-connections'
  const id = parts?.resource.replace(/^connection\//, '') ?? ''
  const connection = parts && job.ctx.table(connections, parts.account, parts.region).get(id)
  await job.ctx.as(await job.as(), { region: job.region }).authorize([
    {
      action: `${service}:UseConnection`,
      resource: arn,
      resourceAccount: parts?.account,
      context: { ...resourceTagKeys(connection?.tags), [`${service}:FullRepositoryId`]: repository },
    },
  ])
  if (!connection) throw new ActionFailure(`Connection ${arn} not found`, { code: 'ConfigurationError' })
  if (connection.status !== 'AVAILABLE')
    throw new ActionFailure(`Connection ${arn} is not available`, { code: 'ConfigurationError' })
}

function repositoryFolder({ ctx }: ActionJob, repository: string): string {
  const folder = join(ctx.cloud.folder, 'repositories', `${repository}.git`)
  if (REPOSITORY.test(repository) && existsSync(folder)) return folder
  throw new ActionFailure(`Unable to use Connection: there is no repository ${repository}`, {
    code: 'ConfigurationError',
  })
}

function wanted({ override }: ActionJob, branch: string): string {
  if (!override) return `refs/heads/${branch}`
  if (COMMIT.test(override.revisionValue)) return override.revisionValue
  throw new ActionFailure(`The commit id ${override.revisionValue} is invalid`, {
    code: 'ConfigurationError',
  })
}

async function readCommit(folder: string, repository: string, revision: string) {
  const format = '--format=%H%x00%aI%x00%B'
  const words = ['log', '-1', format, '--end-of-options', revision, '--']
  const printed = await runGit(folder, ...words).catch(() => {
    const what = revision.replace('refs/heads/', 'branch named ')
    throw new ActionFailure(`The repository ${repository} has no ${what}`, { code: 'ConfigurationError' })
  })
  const [CommitId = '', AuthorDate = '', message = ''] = printed.toString().split('\0')
  return {
    CommitId,
    AuthorDate: new Date(AuthorDate).toISOString().replace('.000Z', 'Z'),
    CommitMessage: message.trim(),
  }
}

function describe(
  { action, region }: ActionJob,
  repository: string,
  commit: { CommitId: string; CommitMessage: string; AuthorDate: string },
): Pick<Outcome, 'external' | 'revision'> {
  const { ConnectionArn = '' } = action.configuration ?? {}
  const url = `https://${region}.console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=${ConnectionArn}&referenceType=COMMIT&FullRepositoryId=${repository}&Commit=${commit.CommitId}`
  const summary = JSON.stringify({ ProviderType: 'GitHub', CommitMessage: commit.CommitMessage })
  return {
    external: { id: commit.CommitId, url, summary },
    revision: { id: commit.CommitId, summary, url, created: Date.parse(commit.AuthorDate) },
  }
}
