/** codecommit:GitPull, as services ask for it that clone on somebody's behalf; git itself comes through the door. */
import { operation } from '../../../kernel/operation.ts'
import { onRepository } from '../engine/access.ts'
import { openRepository } from '../engine/find-commit.ts'
import { cloneUrl } from '../engine/repository-folder.ts'

/** Gives where to clone from. Errors: RepositoryDoesNotExistException. */
export const GitPull = operation({
  service: 'codecommit',
  name: 'GitPull',
  access: onRepository('GitPull'),
  run: ({ repositoryName }, ctx) => {
    const { repository, folder } = openRepository(ctx, repositoryName)
    return { folder, cloneUrl: cloneUrl(ctx.cloud, repository), defaultBranch: repository.defaultBranch }
  },
})
