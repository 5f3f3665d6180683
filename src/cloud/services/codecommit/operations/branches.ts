/** Branches: made, told of, listed and deleted. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { commitAt, references } from '../../../machine/bare-repository.ts'
import { onBranch, onRepository } from '../engine/access.ts'
import { openRepository, tipOf } from '../engine/find-commit.ts'
import { branchRef, COMMIT_ID } from '../engine/names.ts'
import { noCommit } from '../engine/refusals.ts'
import { moveBranch } from '../engine/write-commit.ts'

const PAGE = 1000

/** Errors: BranchNameExistsException, CommitDoesNotExistException, InvalidCommitIdException, InvalidBranchNameException. */
export const CreateBranch = operation({
  service: 'codecommit',
  name: 'CreateBranch',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'CreateBranch', { repositoryName, branch: branchName }),
  run: async ({ repositoryName, branchName, commitId }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    const ref = branchRef(branchName)
    if (!COMMIT_ID.test(commitId))
      throw new AwsError('InvalidCommitIdException', `The commit ID ${commitId} is not valid`)
    if (await commitAt(opened.folder, ref))
      throw new AwsError('BranchNameExistsException', `Branch ${branchName} already exists`)
    const to = await commitAt(opened.folder, commitId)
    if (!to) throw noCommit(commitId)
    await moveBranch(ctx, opened, branchName, { to })
    return {}
  },
})

/** AWS: one that is not there is deleted without an error. Errors: DefaultBranchCannotBeDeletedException. */
export const DeleteBranch = operation({
  service: 'codecommit',
  name: 'DeleteBranch',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'DeleteBranch', { repositoryName, branch: branchName }),
  run: async ({ repositoryName, branchName }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    const commitId = await commitAt(opened.folder, branchRef(branchName))
    if (branchName === opened.repository.defaultBranch)
      throw new AwsError(
        'DefaultBranchCannotBeDeletedException',
        `${branchName} is the default branch of ${repositoryName} and cannot be deleted`,
      )
    if (!commitId) return {}
    await moveBranch(ctx, opened, branchName, { from: commitId })
    return { deletedBranch: { branchName, commitId } }
  },
})

/** Errors: RepositoryDoesNotExistException, BranchDoesNotExistException, InvalidBranchNameException. */
export const GetBranch = operation({
  service: 'codecommit',
  name: 'GetBranch',
  access: onRepository('GetBranch'),
  run: async ({ repositoryName, branchName }, ctx) => {
    if (repositoryName === undefined)
      throw new AwsError('RepositoryNameRequiredException', 'A repository name is required')
    if (branchName === undefined)
      throw new AwsError('BranchNameRequiredException', 'A branch name is required')
    const { folder } = openRepository(ctx, repositoryName)
    return { branch: { branchName, commitId: await tipOf(folder, branchName) } }
  },
})

export const ListBranches = operation({
  service: 'codecommit',
  name: 'ListBranches',
  access: onRepository('ListBranches'),
  run: async ({ repositoryName, nextToken }, ctx) => {
    const { folder } = openRepository(ctx, repositoryName)
    const page = paginate(await references(folder, 'refs/heads/'), {
      token: nextToken,
      limit: PAGE,
      query: repositoryName,
      error: () => new AwsError('InvalidContinuationTokenException', 'The continuation token is not valid'),
    })
    return { branches: page.items.map(([name]) => name), nextToken: page.nextToken }
  },
})
