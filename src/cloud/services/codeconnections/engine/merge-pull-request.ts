/** Merges a pull request into its destination, as the button of a provider does. */
import { commitAt } from '../../../machine/bare-repository.ts'
import { askGit, runGit } from '../../../machine/run-git.ts'
import type { PullRequest } from '../state.ts'
import type { Place } from './pull-requests.ts'

/** Why a pull request cannot be merged, in words. */
export class NotMergeable extends Error {
  override readonly name = 'NotMergeable'
}

/** Moves the destination to a commit that has both parents. Errors: NotMergeable where files are in conflict. */
export async function mergePullRequest(
  { cloud, folder, actor }: Place,
  { number, source, destination, commit, title }: PullRequest,
): Promise<void> {
  const target = await commitAt(folder, `refs/heads/${destination}`)
  if (!target) throw new NotMergeable(`the branch ${destination} is gone`)
  const words = ['merge-tree', '--write-tree', '-z', '--name-only', target, commit]
  const { printed, status } = await askGit(folder, words, { answers: [1] })
  const [tree = '', ...files] = printed.toString().split('\0')
  if (status !== 0)
    throw new NotMergeable(`files are in conflict: ${files.slice(0, files.indexOf('')).join(', ')}`)
  const when = `${Math.floor(cloud.clock.now() / 1000)} +0000`
  const person = (kind: string) => ({
    [`GIT_${kind}_NAME`]: actor || 'crossdock',
    [`GIT_${kind}_EMAIL`]: 'pull-requests@localhost',
    [`GIT_${kind}_DATE`]: when,
  })
  const message = `Merge pull request #${number} from ${source}\n\n${title}`
  const made = await askGit(folder, ['commit-tree', tree, '-p', target, '-p', commit, '-m', message], {
    env: { ...person('AUTHOR'), ...person('COMMITTER') },
  })
  await runGit(folder, 'update-ref', `refs/heads/${destination}`, made.printed.toString().trim(), target)
}
