/** What is changed of a repository: description, name, default branch. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository, tipOf } from '../engine/find-commit.ts'
import { checkRepositoryName } from '../engine/names.ts'
import { pointHead } from '../engine/repository-folder.ts'
import { repositoryKind } from '../kinds.ts'
import { type Repository, repositories } from '../state.ts'

const change = (ctx: Context, name: string, changes: Partial<Repository>): void =>
  void repositoryKind.change(ctx, name, { ...changes, modified: ctx.cloud.clock.now() })

/** Errors: RepositoryDoesNotExistException. */
export const UpdateRepositoryDescription = operation({
  service: 'codecommit',
  name: 'UpdateRepositoryDescription',
  access: onRepository('UpdateRepositoryDescription'),
  run: ({ repositoryName, repositoryDescription }, ctx) => {
    change(ctx, repositoryName, { description: repositoryDescription || undefined })
    return {}
  },
})

/** Errors: RepositoryDoesNotExistException, RepositoryNameExistsException, InvalidRepositoryNameException. */
export const UpdateRepositoryName = operation({
  service: 'codecommit',
  name: 'UpdateRepositoryName',
  access: ({ oldName }, ctx) => [repositoryKind.on(ctx, 'UpdateRepositoryName', oldName)],
  run: ({ oldName, newName }, ctx) => {
    const repository = repositoryKind.find(ctx, oldName)
    checkRepositoryName(newName)
    const table = ctx.table(repositories)
    if (table.has(newName))
      throw new AwsError('RepositoryNameExistsException', `Repository named ${newName} already exists`)
    table.delete(oldName)
    table.put(newName, { ...repository, name: newName, modified: ctx.cloud.clock.now() })
    return {}
  },
})

/** Errors: RepositoryDoesNotExistException, InvalidBranchNameException, BranchDoesNotExistException. */
export const UpdateDefaultBranch = operation({
  service: 'codecommit',
  name: 'UpdateDefaultBranch',
  access: onRepository('UpdateDefaultBranch'),
  run: async ({ repositoryName, defaultBranchName }, ctx) => {
    const { folder } = openRepository(ctx, repositoryName)
    await tipOf(folder, defaultBranchName)
    await pointHead(folder, defaultBranchName)
    change(ctx, repositoryName, { defaultBranch: defaultBranchName })
    return {}
  },
})
