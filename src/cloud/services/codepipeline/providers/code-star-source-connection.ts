/** Source from a local repository that stands for the one behind a connection. */

import { pullRequestChanged, repositoryPushed, tagPushed } from '../../../kernel/service-events.ts'
import { writeReference } from '../../../sources/clone-reference.ts'
import { useConnection } from '../../../sources/connected-repository.ts'
import { startByPullRequest, startByPush, startByTag } from './git-triggers.ts'
import { archiveOf, type LocalCommit, localCommit } from './local-commit.ts'
import { ActionFailure, type ActionJob, type Outcome, type Runner, startsOn, startsOnAny } from './runner.ts'

export const codeStarSourceConnection: Runner = {
  id: 'Source/CodeStarSourceConnection',
  starts: startsOnAny(
    startsOn(repositoryPushed, startByPush),
    startsOn(tagPushed, startByTag),
    startsOn(pullRequestChanged, startByPullRequest),
  ),
  run: async (job) => {
    await checkConnection(job)
    const {
      FullRepositoryId: repository = '',
      BranchName: branch = '',
      ConnectionArn = '',
    } = job.configuration
    const commit = await localCommit(job, { repository, branch, absent: 'Unable to use Connection' })
    // AWS: what a connection fetches is stored with an ACL, also in the bucket's own account (aws/aws-cdk#13557).
    await job.write(job.outputs[0]!, await contentOf(job, commit), { hands: true })
    return {
      variables: {
        CommitId: commit.id,
        AuthorDate: commit.authorDate,
        CommitMessage: commit.message,
        BranchName: job.override?.branch ?? branch,
        ConnectionArn,
        FullRepositoryName: repository,
      },
      ...describe(job, repository, commit),
    }
  },
}

/** The files of a commit, or a reference to it that builds clone. AWS: OutputArtifactFormat. */
function contentOf({ configuration, override }: ActionJob, commit: LocalCommit): Promise<Buffer> {
  const { ConnectionArn: connection = '', FullRepositoryId: repository = '', BranchName = '' } = configuration
  const branch = override?.branch ?? BranchName
  return configuration.OutputArtifactFormat === 'CODEBUILD_CLONE_REF'
    ? Promise.resolve(writeReference({ connection, repository, branch, commit: commit.id }))
    : archiveOf(commit)
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

function describe(
  { action, region }: ActionJob,
  repository: string,
  { id, message, authorDate }: LocalCommit,
): Pick<Outcome, 'external' | 'revision'> {
  const { ConnectionArn = '' } = action.configuration ?? {}
  const url = `https://${region}.console.aws.amazon.com/codesuite/settings/connections/redirect?connectionArn=${ConnectionArn}&referenceType=COMMIT&FullRepositoryId=${repository}&Commit=${id}`
  const summary = JSON.stringify({ ProviderType: 'GitHub', CommitMessage: message })
  return {
    external: { id, url, summary },
    revision: { id, summary, url, created: Date.parse(authorDate) },
  }
}
