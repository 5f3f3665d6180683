/** Source from GitHub by a token: here a local repository of the same owner and name stands for GitHub's. */
import { repositoryPushed } from '../../../kernel/service-events.ts'
import { archiveOf, localCommit } from './local-commit.ts'
import { type Runner, startsOn } from './runner.ts'

export const githubSource: Runner = {
  id: 'Source/GitHub',
  starts: startsOn(repositoryPushed, ({ repository, branch }, { action }) => {
    const { Owner, Repo, Branch, PollForSourceChanges = 'true' } = action.configuration ?? {}
    const isNew = repository === `${Owner}/${Repo}` && branch === Branch
    return isNew && PollForSourceChanges !== 'false'
      ? { trigger: { type: 'PollForSourceChanges', detail: action.name } }
      : undefined
  }),
  hook: ({ Owner, Repo }, { repository, branch, commit, previous }) =>
    repository === `${Owner}/${Repo}`
      ? {
          ref: `refs/heads/${branch}`,
          before: previous ?? '0'.repeat(40),
          after: commit,
          repository: { name: Repo, full_name: repository },
          head_commit: { id: commit },
        }
      : undefined,
  run: async (job) => {
    const { Owner, Repo = '', Branch: branch = '' } = job.configuration
    const repository = `${Owner}/${Repo}`
    const commit = await localCommit(job, {
      repository,
      branch,
      absent: 'Could not access the GitHub repository',
    })
    await job.write(job.outputs[0]!, await archiveOf(commit))
    const url = `https://github.com/${repository}/commit/${commit.id}`
    return {
      variables: {
        AuthorDate: commit.authorDate,
        BranchName: branch,
        CommitId: commit.id,
        CommitMessage: commit.message,
        CommitterDate: commit.committerDate,
        CommitUrl: url,
        RepositoryName: Repo,
      },
      external: { id: commit.id, url, summary: commit.message },
      revision: { id: commit.id, url, summary: commit.message, created: Date.parse(commit.committerDate) },
    }
  },
}
