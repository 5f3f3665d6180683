/** The first commit of a repository, out of an archive in S3: what CloudFormation does with its `Code`. */
import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { open } from '../../../machine/archive.ts'
import { onBranch } from '../engine/access.ts'
import { openRepository } from '../engine/find-commit.ts'
import { branchRef, checkPath } from '../engine/names.ts'
import { gitMode } from '../engine/tree.ts'
import { moveBranch, type TreeChange, writeBlob, writeCommit, writeTree } from '../engine/write-commit.ts'

/**
 * Commits all files of an archive to a repository that is empty. AWS: CloudFormation's handler declares s3:GetObject and
 * codecommit:CreateCommit for it.
 * Errors: S3's, InvalidRequestException where it is no archive, RepositoryNotEmptyException.
 */
export const ImportArchive = operation({
  service: 'codecommit',
  name: 'ImportArchive',
  access: ({ repositoryName, branchName }, ctx) =>
    onBranch(ctx, 'CreateCommit', { repositoryName, branch: branchName }),
  run: async ({ repositoryName, branchName, bucket, key, version }, ctx) => {
    const opened = openRepository(ctx, repositoryName)
    branchRef(branchName)
    if (opened.repository.defaultBranch !== undefined)
      throw new AwsError('RepositoryNotEmptyException', `${repositoryName} has commits already`)
    const { Body } = await ctx.call('s3', 'GetObject', { Bucket: bucket, Key: key, VersionId: version })
    const chunks: Uint8Array[] = []
    for await (const chunk of Body as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk)
    const files = await open(Buffer.concat(chunks)).catch((error: Error) => {
      throw new AwsError('InvalidRequestException', `s3://${bucket}/${key} is no archive: ${error.message}`)
    })
    const changes: TreeChange[] = []
    for (const [path, { content, mode, leadsTo }] of files) {
      const kind = leadsTo !== undefined ? 'SYMLINK' : mode & 0o100 ? 'EXECUTABLE' : 'NORMAL'
      const id = await writeBlob(opened.folder, content)
      changes.push([checkPath(path), { mode: gitMode(kind), id }])
    }
    const tree = await writeTree(opened.folder, undefined, changes)
    const to = await writeCommit(ctx, opened.folder, { tree, parents: [], message: 'Initial commit' })
    await moveBranch(ctx, opened, branchName, { to })
    return { commitId: to }
  },
})
