/** A repository as answers show it. */

import { repositoryUri } from '../../../kernel/addresses.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Repository } from '../state.ts'

export const exclusionFilters = ({ exclusions }: Pick<Repository, 'exclusions'>) =>
  exclusions.length
    ? {
        imageTagMutabilityExclusionFilters: exclusions.map((filter) => ({
          filterType: 'WILDCARD' as const,
          filter,
        })),
      }
    : {}

export const describeRepository = (ctx: Context, repository: Repository) => ({
  repositoryArn: repository.arn,
  registryId: repository.account,
  repositoryName: repository.name,
  repositoryUri: repositoryUri(ctx.cloud, repository),
  createdAt: new Date(repository.createdAt),
  imageTagMutability: repository.mutability,
  ...exclusionFilters(repository),
  imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
  encryptionConfiguration: repository.key
    ? { encryptionType: 'KMS' as const, kmsKey: repository.key.arn }
    : { encryptionType: 'AES256' as const },
})
