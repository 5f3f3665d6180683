/** A commit of a local repository that stands for one at a host of repositories. */

import { runGit } from '../../../machine/run-git.ts'
import { repositoryFolder } from '../../../sources/connected-repository.ts'
import { ActionFailure, type ActionJob } from './runner.ts'

const COMMIT = /^[0-9a-f]{40}$/

export interface LocalCommit {
  readonly folder: string
  readonly id: string
  readonly message: string
  readonly authorDate: string
  readonly committerDate: string
}

const misconfigured = (message: string): ActionFailure =>
  new ActionFailure(message, { code: 'ConfigurationError' })

/** Gives the commit that an action is for: the one that its start names, else the newest of the branch. Errors: ActionFailure. */
export async function localCommit(
  { ctx, override }: ActionJob,
  { repository, branch, absent }: { repository: string; branch: string; absent: string },
): Promise<LocalCommit> {
  const folder = repositoryFolder(ctx.cloud, repository)
  if (!folder) throw misconfigured(`${absent}: there is no repository ${repository}`)
  if (override && !COMMIT.test(override.revisionValue))
    throw misconfigured(`The commit id ${override.revisionValue} is invalid`)
  const revision = override?.revisionValue ?? `refs/heads/${branch}`
  const format = '--format=%H%x00%aI%x00%cI%x00%B'
  const words = ['log', '-1', format, '--end-of-options', revision, '--']
  const printed = await runGit(folder, ...words).catch(() => {
    const what = revision.replace('refs/heads/', 'branch named ')
    throw misconfigured(`The repository ${repository} has no ${what}`)
  })
  const [id = '', authored = '', committed = '', message = ''] = printed.toString().split('\0')
  return { folder, id, authorDate: utc(authored), committerDate: utc(committed), message: message.trim() }
}

const utc = (date: string): string => new Date(date).toISOString().replace('.000Z', 'Z')

/** Gives the files of a commit as an archive. */
export const archiveOf = ({ folder, id }: LocalCommit): Promise<Buffer> =>
  runGit(folder, 'archive', '--format=zip', '-1', id)
