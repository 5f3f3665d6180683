/** codecommit:ListFileCommitHistory. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { runGit } from '../../../machine/run-git.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository, readCommit, resolve } from '../engine/find-commit.ts'
import { checkPath } from '../engine/names.ts'
import { noFile } from '../engine/refusals.ts'
import { entryAt } from '../engine/tree.ts'

/**
 * Gives the commits that changed a file, newest first, each with those that changed it next; a file that was renamed begins
 * with its name. Errors: FileDoesNotExistException, CommitDoesNotExistException.
 */
export const ListFileCommitHistory = operation({
  service: 'codecommit',
  name: 'ListFileCommitHistory',
  access: onRepository('ListFileCommitHistory'),
  run: async ({ repositoryName, commitSpecifier, filePath, maxResults, nextToken }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    const { folder } = opened
    const commit = await resolve(opened, commitSpecifier)
    const path = checkPath(filePath)
    if (!(await entryAt(folder, commit, path))) throw noFile(path)
    const words = ['rev-list', '--parents', commit, '--', path]
    const lines = (await runGit(folder, '--literal-pathspecs', ...words))
      .toString()
      .split('\n')
      .filter(Boolean)
    const history = lines.map((line) => line.split(' ') as [string, ...string[]])
    const page = paginate(history, {
      token: nextToken,
      limit: maxResults || 100,
      query: [commit, path],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return {
      revisionDag: await Promise.all(
        page.items.map(async ([id]) => ({
          commit: await readCommit(folder, id),
          blobId: (await entryAt(folder, id, path))?.id,
          path,
          revisionChildren: history.flatMap(([child, ...parents]) => (parents.includes(id) ? [child] : [])),
        })),
      ),
      nextToken: page.nextToken,
    }
  },
})
