/** codecommit:CreateCommit, PutFile and DeleteFile: commits on the tip of a branch. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { onBranch } from '../engine/access.ts'
import type { Author } from '../engine/author.ts'
import { type FileChanges, type WorkedOut, workOut } from '../engine/change-files.ts'
import { type Opened, openRepository } from '../engine/find-commit.ts'
import { branchRef } from '../engine/names.ts'
import { noBranch, noFile } from '../engine/refusals.ts'
import { allFiles } from '../engine/tree.ts'
import { moveBranch, writeCommit, writeTree } from '../engine/write-commit.ts'

interface Wanted extends FileChanges {
  readonly branch: string
  readonly parent?: string
  readonly author: Author
  readonly message?: string
  /** The error for a commit that changes nothing. */
  readonly unchanged: () => AwsError
}

interface Made extends WorkedOut {
  readonly commitId: string
  readonly treeId: string
}

/**
 * Commits changes of files on the tip of a branch. AWS: into an empty repository the first commit makes the branch.
 * Errors: ParentCommitIdRequiredException, ParentCommitIdOutdatedException, BranchDoesNotExistException, those of files.
 */
async function commitOn(ctx: Context, opened: Opened, wanted: Wanted): Promise<Made> {
  const { folder } = opened
  const tip = await tipFor(opened, wanted)
  const files = tip ? await allFiles(folder, tip) : new Map()
  const worked = await workOut(folder, files, wanted)
  if (!worked.changes.length) throw wanted.unchanged()
  const treeId = await writeTree(folder, tip, worked.changes)
  const commitId = await writeCommit(ctx, folder, {
    tree: treeId,
    parents: tip ? [tip] : [],
    message: wanted.message,
    ...wanted.author,
  })
  await moveBranch(ctx, opened, wanted.branch, { from: tip, to: commitId })
  return { ...worked, commitId, treeId }
}

async function tipFor(
  { repository, folder }: Opened,
  { branch, parent }: Wanted,
): Promise<string | undefined> {
  const tip = await commitAt(folder, branchRef(branch))
  if (!tip) {
    if (repository.defaultBranch !== undefined) throw noBranch(branch)
    if (parent !== undefined)
      throw new AwsError('ParentCommitDoesNotExistException', `The commit ${parent} does not exist`)
    return undefined
  }
  if (parent === undefined)
    throw new AwsError('ParentCommitIdRequiredException', `The ID of the tip of ${branch} is required`)
  if (!/^[0-9a-f]{40}$/.test(parent))
    throw new AwsError('InvalidParentCommitIdException', `The commit ID ${parent} is not valid`)
  if (parent !== tip)
    throw new AwsError(
      'ParentCommitIdOutdatedException',
      `The tip of ${branch} is ${tip}, not ${parent}: get the newest commit and try again`,
    )
  return tip
}

const nothingNew = () => new AwsError('NoChangeException', 'The commit would change nothing')

/** Errors: see `commitOn`, and NoChangeException. */
export const CreateCommit = operation({
  service: 'codecommit',
  name: 'CreateCommit',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'CreateCommit', { repositoryName, branch: branchName }),
  run: async (input, ctx) => {
    const made = await commitOn(ctx, openRepository(ctx, input.repositoryName), {
      ...input,
      branch: input.branchName,
      parent: input.parentCommitId,
      author: { name: input.authorName, email: input.email },
      message: input.commitMessage,
      unchanged: nothingNew,
    })
    return {
      commitId: made.commitId,
      treeId: made.treeId,
      filesAdded: made.added,
      filesUpdated: made.updated,
      filesDeleted: made.deleted,
    }
  },
})

/** Errors: see `commitOn`, and SameFileContentException. */
export const PutFile = operation({
  service: 'codecommit',
  name: 'PutFile',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'PutFile', { repositoryName, branch: branchName }),
  run: async (input, ctx) => {
    const { filePath, fileContent, fileMode } = input
    const made = await commitOn(ctx, openRepository(ctx, input.repositoryName), {
      putFiles: [{ filePath, fileContent, fileMode }],
      branch: input.branchName,
      parent: input.parentCommitId,
      author: { name: input.name, email: input.email },
      message: input.commitMessage,
      unchanged: () =>
        new AwsError('SameFileContentException', `${filePath} has this content and mode already`),
    })
    const [file] = [...made.added, ...made.updated]
    return { commitId: made.commitId, treeId: made.treeId, blobId: file!.blobId }
  },
})

/** Errors: see `commitOn`, and FileDoesNotExistException. */
export const DeleteFile = operation({
  service: 'codecommit',
  name: 'DeleteFile',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'DeleteFile', { repositoryName, branch: branchName }),
  run: async (input, ctx) => {
    const { filePath, keepEmptyFolders } = input
    const made = await commitOn(ctx, openRepository(ctx, input.repositoryName), {
      deleteFiles: [{ filePath }],
      keepEmptyFolders,
      branch: input.branchName,
      parent: input.parentCommitId,
      author: { name: input.name, email: input.email },
      message: input.commitMessage,
      unchanged: () => noFile(filePath),
    })
    const [file] = made.deleted
    return {
      commitId: made.commitId,
      treeId: made.treeId,
      blobId: file!.blobId,
      filePath: file!.absolutePath,
    }
  },
})
