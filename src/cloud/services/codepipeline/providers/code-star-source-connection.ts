/** Source from a local repository that stands for the one behind a connection. */

import { repositoryPushed } from '../../../kernel/service-events.ts'
import { runGit } from '../../../machine/run-git.ts'
import { writeReference } from '../../../sources/clone-reference.ts'
import { repositoryFolder, useConnection } from '../../../sources/connected-repository.ts'
import { startByPush } from './git-triggers.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner, startsOn } from './runner.ts'

const COMMIT = /^[0-9a-f]{40}$/

export const codeStarSourceConnection: Runner = {
  id: 'Source/CodeStarSourceConnection',
  starts: startsOn(repositoryPushed, startByPush),
  run: async (job) => {
    await checkConnection(job)
    const {
      FullRepositoryId: repository = '',
      BranchName: branch = '',
      ConnectionArn = '',
    } = job.configuration
    const folder = folderOf(job, repository)
    const commit = await readCommit(folder, repository, wanted(job, branch))
    const content = await contentOf(job, folder, commit.CommitId)
    // AWS: what a connection fetches is stored with an ACL, also in the bucket's own account (aws/aws-cdk#13557).
    await job.write(job.outputs[0]!, content, { hands: true })
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

/** The files of a commit, or a reference to it that builds clone. AWS: OutputArtifactFormat. */
function contentOf({ configuration, override }: ActionJob, folder: string, commit: string): Promise<Buffer> {
  const { ConnectionArn: connection = '', FullRepositoryId: repository = '', BranchName = '' } = configuration
  const branch = override?.branch ?? BranchName
  return configuration.OutputArtifactFormat === 'CODEBUILD_CLONE_REF'
    ? Promise.resolve(writeReference({ connection, repository, branch, commit }))
    : runGit(folder, 'archive', '--format=zip', '-1', commit)
}

/** The role in effect must be allowed to use the connection, and the connection must be complete. */
async function checkConnection(job: ActionJob): Promise<void> {
  const { ConnectionArn: connection = '', FullRepositoryId: repository = '' } = job.configuration
  const use = { connection, repository }
  const status = await useConnection(job.ctx, await job.as(), use, job.region)
  if (status === 'AVAILABLE') return
  throw new ActionFailure(`Connection ${connection} ${status ? 'is not available' : 'not found'}`, {
    code: 'ConfigurationError',
  })
}

function folderOf({ ctx }: ActionJob, repository: string): string {
  const folder = repositoryFolder(ctx.cloud, repository)
  if (folder) return folder
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
