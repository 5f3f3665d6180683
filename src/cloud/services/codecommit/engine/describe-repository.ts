/** Repositories as CodeCommit tells of them. */
import { formatArn } from '../../../../model/index.ts'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { Repository } from '../state.ts'
import { cloneUrl, sshUrl } from './repository-folder.ts'

export const describeRepository = (cloud: Pick<Cloud, 'endpoint'>, repository: Repository) => ({
  accountId: repository.account,
  repositoryId: repository.id,
  repositoryName: repository.name,
  repositoryDescription: repository.description,
  defaultBranch: repository.defaultBranch,
  lastModifiedDate: new Date(repository.modified),
  creationDate: new Date(repository.created),
  cloneUrlHttp: cloneUrl(cloud, repository),
  cloneUrlSsh: sshUrl(repository),
  Arn: formatArn('codecommit', repository.region, repository.account, repository.name),
})
