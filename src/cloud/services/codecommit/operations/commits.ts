/** Commits, and what is different between two. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { runGit } from '../../../machine/run-git.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository, readCommit, resolve } from '../engine/find-commit.ts'
import { COMMIT_ID, checkPath } from '../engine/names.ts'
import { entryAt } from '../engine/tree.ts'

/** AWS: BatchGetCommits takes 100 ids (API reference). */
const BATCH = 100
/** Git's name of the empty tree. */
const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Errors: InvalidCommitIdException, CommitIdDoesNotExistException. */
export const GetCommit = operation({
  service: 'codecommit',
  name: 'GetCommit',
  access: onRepository('GetCommit'),
  run: async ({ repositoryName, commitId }, ctx) => {
    const { folder } = openRepository(ctx, repositoryName)
    if (!COMMIT_ID.test(commitId))
      throw new AwsError('InvalidCommitIdException', `The commit ID ${commitId} is not valid`)
    return { commit: await readCommit(folder, commitId) }
  },
})

/** Errors: CommitIdsLimitExceededException. */
export const BatchGetCommits = operation({
  service: 'codecommit',
  name: 'BatchGetCommits',
  access: onRepository('BatchGetCommits'),
  run: async ({ repositoryName, commitIds }, ctx) => {
    const { folder } = openRepository(ctx, repositoryName)
    if (commitIds.length > BATCH)
      throw new AwsError('CommitIdsLimitExceededException', `At most ${BATCH} commit IDs are taken`)
    const commits: Awaited<ReturnType<typeof readCommit>>[] = []
    const errors: { commitId: string; errorCode: string; errorMessage: string }[] = []
    for (const commitId of new Set(commitIds)) {
      const wrong = (errorCode: string, errorMessage: string) =>
        errors.push({ commitId, errorCode, errorMessage })
      if (!COMMIT_ID.test(commitId)) wrong('InvalidCommitIdException', 'The commit ID is not valid')
      else
        await readCommit(folder, commitId).then(
          (found) => commits.push(found),
          (error: AwsError) => wrong(error.code, error.message),
        )
    }
    return { commits, errors }
  },
})

/** Errors: CommitDoesNotExistException, PathDoesNotExistException, InvalidContinuationTokenException. */
export const GetDifferences = operation({
  service: 'codecommit',
  name: 'GetDifferences',
  access: onRepository('GetDifferences'),
  run: async (input, ctx) => {
    const opened = openRepository(ctx, input.repositoryName)
    const { beforeCommitSpecifier, afterCommitSpecifier, beforePath, afterPath } = input
    const after = await resolve(opened, afterCommitSpecifier)
    const before =
      beforeCommitSpecifier === undefined ? EMPTY_TREE : await resolve(opened, beforeCommitSpecifier)
    const asked = [
      [before, beforePath],
      [after, afterPath],
    ] as const
    const paths: string[] = []
    for (const [commit, path] of asked) {
      if (path === undefined || path === '/' || path === '') continue
      const checked = checkPath(path)
      if (commit === EMPTY_TREE || !(await entryAt(opened.folder, commit, checked)))
        throw new AwsError('PathDoesNotExistException', `The path ${path} does not exist at ${commit}`)
      paths.push(checked)
    }
    const page = paginate(await differences(opened.folder, before, after, paths), {
      token: input.NextToken,
      limit: input.MaxResults || 400,
      query: [before, after, paths],
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return { differences: page.items, NextToken: page.nextToken }
  },
})

/** Reads git's raw format: `:100644 100755 <id> <id> M\0<path>\0`. */
async function differences(folder: string, before: string, after: string, paths: readonly string[]) {
  const words = [
    'diff-tree',
    '-r',
    '-z',
    '--raw',
    '--no-renames',
    '--no-abbrev',
    before,
    after,
    '--',
    ...paths,
  ]
  const parts = (await runGit(folder, '--literal-pathspecs', ...words)).toString().split('\0')
  const found: {
    beforeBlob?: { blobId: string; path: string; mode: string }
    afterBlob?: { blobId: string; path: string; mode: string }
    changeType: 'A' | 'M' | 'D'
  }[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [oldMode = '', newMode = '', oldId = '', newId = '', status = ''] = parts[at]!.slice(1).split(' ')
    const path = parts[at + 1]!
    found.push({
      ...(status !== 'A' && { beforeBlob: { blobId: oldId, path, mode: oldMode } }),
      ...(status !== 'D' && { afterBlob: { blobId: newId, path, mode: newMode } }),
      changeType: status === 'A' || status === 'D' ? status : 'M',
    })
  }
  return found
}
