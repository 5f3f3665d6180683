/** Files and folders of a commit, as they are read. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { runGit } from '../../../machine/run-git.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository, resolve } from '../engine/find-commit.ts'
import { COMMIT_ID, checkPath } from '../engine/names.ts'
import { noFile } from '../engine/refusals.ts'
import { type Entry, entriesIn, entryAt, fileMode, readBlob } from '../engine/tree.ts'

/** Errors: FileDoesNotExistException, CommitDoesNotExistException, InvalidPathException, FileTooLargeException. */
export const GetFile = operation({
  service: 'codecommit',
  name: 'GetFile',
  access: onRepository('GetFile'),
  run: async ({ repositoryName, commitSpecifier, filePath }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    const path = checkPath(filePath)
    const commitId = await resolve(opened, commitSpecifier)
    const entry = await entryAt(opened.folder, commitId, path)
    if (entry?.type !== 'blob') throw noFile(filePath)
    const content = await readBlob(opened.folder, entry.id)
    return {
      commitId,
      blobId: entry.id,
      filePath: path,
      fileMode: fileMode(entry.mode),
      fileSize: content.length,
      fileContent: content,
    }
  },
})

/** Errors: InvalidBlobIdException, BlobIdDoesNotExistException, FileTooLargeException. */
export const GetBlob = operation({
  service: 'codecommit',
  name: 'GetBlob',
  access: onRepository('GetBlob'),
  run: async ({ repositoryName, blobId }, ctx) => {
    const { folder } = openRepository(ctx, repositoryName)
    if (!COMMIT_ID.test(blobId))
      throw new AwsError('InvalidBlobIdException', `The blob ID ${blobId} is not valid`)
    return { content: await readBlob(folder, blobId) }
  },
})

/** Errors: FolderDoesNotExistException, CommitDoesNotExistException, InvalidPathException. */
export const GetFolder = operation({
  service: 'codecommit',
  name: 'GetFolder',
  access: onRepository('GetFolder'),
  run: async ({ repositoryName, commitSpecifier, folderPath }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    const path = folderPath === '/' || folderPath === '' ? '' : checkPath(folderPath)
    const commitId = await resolve(opened, commitSpecifier)
    const { folder } = opened
    if (path !== '' && (await entryAt(folder, commitId, path))?.type !== 'tree')
      throw new AwsError('FolderDoesNotExistException', `The folder ${folderPath} does not exist`)
    const tree = await runGit(folder, 'rev-parse', '--verify', '--end-of-options', `${commitId}:${path}`)
    const entries = await entriesIn(folder, commitId, path)
    const at = ({ path: absolutePath }: Entry) => ({
      absolutePath,
      relativePath: absolutePath.slice(absolutePath.lastIndexOf('/') + 1),
    })
    const blobs = entries.filter(({ type }) => type === 'blob')
    const asFile = (one: Entry) => ({ blobId: one.id, ...at(one), fileMode: fileMode(one.mode) })
    return {
      commitId,
      folderPath: path,
      treeId: tree.toString().trim(),
      subFolders: entries
        .filter(({ type }) => type === 'tree')
        .map((one) => ({ treeId: one.id, ...at(one) })),
      files: blobs.filter(({ mode }) => fileMode(mode) !== 'SYMLINK').map(asFile),
      symbolicLinks: blobs.filter(({ mode }) => fileMode(mode) === 'SYMLINK').map(asFile),
      subModules: entries
        .filter(({ type }) => type === 'commit')
        .map((one) => ({ commitId: one.id, ...at(one) })),
    }
  },
})
