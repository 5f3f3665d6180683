/** Which commit of a repository a source version means. */
import { commitAt, references } from '../../../../machine/bare-repository.ts'
import { runGit } from '../../../../machine/run-git.ts'
import { PhaseFailure } from '../build-run.ts'
import type { GitRepository } from './repository.ts'

const COMMIT = /^[0-9a-f]{40}$/
const PINNED = /^(refs\/.+)\^\{([0-9a-f]{40})\}$/
const PULL = /^(?:pr\/(\d+)|refs\/pull\/(\d+)\/head)$/

export interface FoundVersion {
  readonly commit: string
  /** The default branch, where no version is asked for. */
  readonly branch?: string
}

/**
 * Gives the commit; that of the default branch where no version is asked for. `source` names it in messages.
 * AWS: "Source version sample with AWS CodeBuild"; pull requests are for GitHub alone.
 * Errors: PhaseFailure where there is none.
 */
export async function findVersion(
  repository: GitRepository,
  version: string | undefined,
  source: string,
): Promise<FoundVersion> {
  if (!version) {
    const found = await defaultCommit(repository)
    if (found) return found
  }
  const commit = version && (await lookUp(repository, version))
  if (commit) return { commit }
  const what = version ? `source version ${version}` : 'its default branch'
  throw new PhaseFailure('CLIENT_ERROR', `reference not found for ${source} and ${what}`)
}

async function lookUp({ folder, pullRequests }: GitRepository, version: string): Promise<string | undefined> {
  const pinned = PINNED.exec(version)
  if (pinned) return commitAt(folder, pinned[2]!)
  const pull = PULL.exec(version)
  if (pull) return pullRequests ? commitAt(folder, `refs/pull/${pull[1] ?? pull[2]}/head`) : undefined
  if (COMMIT.test(version) || version.startsWith('refs/')) return commitAt(folder, version)
  return (await commitAt(folder, `refs/heads/${version}`)) ?? commitAt(folder, `refs/tags/${version}`)
}

async function defaultCommit({ folder, defaultBranch }: GitRepository): Promise<FoundVersion | undefined> {
  const head = defaultBranch ?? (await headBranch(folder))
  const commit = await commitAt(folder, `refs/heads/${head}`)
  if (commit) return { commit, branch: head }
  // A local repository that has never had the branch that it was made with.
  const [first] = await references(folder, 'refs/heads/')
  return first && { commit: first[1], branch: first[0] }
}

const headBranch = async (folder: string): Promise<string> =>
  (await runGit(folder, 'symbolic-ref', '--short', 'HEAD')).toString().trim()
