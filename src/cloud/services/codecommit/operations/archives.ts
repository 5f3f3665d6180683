/** Archives of commits, which CodePipeline fetches: IAM actions that AWS has no public API for. */
import { AwsError } from '../../../../model/index.ts'
import { part } from '../../../kernel/cloud.ts'
import { operation } from '../../../kernel/operation.ts'
import { commitAt } from '../../../machine/bare-repository.ts'
import { runGit } from '../../../machine/run-git.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository } from '../engine/find-commit.ts'
import { noCommit } from '../engine/refusals.ts'

interface Upload {
  readonly repositoryId: string
  readonly archive: Promise<Buffer>
}

/** Archives that are made or wait to be fetched; those of a cloud that has ended are asked for again. */
const uploads = part({ name: 'archives of CodeCommit', make: () => new Map<string, Upload>() })

/** Begins to pack the files of a commit. Errors: RepositoryDoesNotExistException, CommitDoesNotExistException. */
export const UploadArchive = operation({
  service: 'codecommit',
  name: 'UploadArchive',
  access: onRepository('UploadArchive'),
  run: async ({ repositoryName, commitId }, ctx) => {
    const { repository, folder } = openRepository(ctx, repositoryName)
    if (!/^[0-9a-f]{40}$/.test(commitId) || !(await commitAt(folder, commitId))) throw noCommit(commitId)
    const uploadId = ctx.cloud.ids.uuid()
    const archive = runGit(folder, 'archive', '--format=zip', '-1', commitId)
    // Whoever asks for it hears of a failure; nobody may ask.
    archive.catch(() => undefined)
    ctx.cloud.part(uploads).set(uploadId, { repositoryId: repository.id, archive })
    return { uploadId }
  },
})

/** Gives the archive once it is there. Errors: InvalidUploadIdException, those of the repository. */
export const GetUploadArchiveStatus = operation({
  service: 'codecommit',
  name: 'GetUploadArchiveStatus',
  access: onRepository('GetUploadArchiveStatus'),
  run: async ({ repositoryName, uploadId }, ctx) => {
    const { repository } = openRepository(ctx, repositoryName)
    const kept = ctx.cloud.part(uploads)
    const upload = kept.get(uploadId)
    if (upload?.repositoryId !== repository.id)
      throw new AwsError('InvalidUploadIdException', `There is no upload ${uploadId}`)
    kept.delete(uploadId)
    return { archive: await upload.archive }
  },
})

/** Forgets an archive. Errors: those of the repository. */
export const CancelUploadArchive = operation({
  service: 'codecommit',
  name: 'CancelUploadArchive',
  access: onRepository('CancelUploadArchive'),
  run: ({ repositoryName, uploadId }, ctx) => {
    const { repository } = openRepository(ctx, repositoryName)
    const kept = ctx.cloud.part(uploads)
    if (kept.get(uploadId)?.repositoryId === repository.id) kept.delete(uploadId)
    return {}
  },
})
