/** ecr:PutImageTagMutability and PutImageScanningConfiguration. */

import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { exclusionFilters } from '../engine/describe-repository.ts'
import { changeRepository } from '../engine/find.ts'
import { readMutability } from '../engine/mutability.ts'
import { repositoryKind } from '../kinds.ts'

/** Errors: RepositoryNotFoundException, InvalidParameterException. */
export const PutImageTagMutability = operation({
  service: 'ecr',
  name: 'PutImageTagMutability',
  access: accessTo('PutImageTagMutability'),
  run: (input, ctx) => {
    const changed = changeRepository(ctx, repositoryKind.find(ctx, input), readMutability(input))
    return {
      registryId: changed.account,
      repositoryName: changed.name,
      imageTagMutability: changed.mutability,
      ...exclusionFilters(changed),
    }
  },
})

/**
 * AWS: images pushed from now on are scanned, or not. The embedded cloud scans none; images in a repository that asks
 * for it are shown as not scannable. Errors: RepositoryNotFoundException.
 */
export const PutImageScanningConfiguration = operation({
  service: 'ecr',
  name: 'PutImageScanningConfiguration',
  access: accessTo('PutImageScanningConfiguration'),
  run: (input, ctx) => {
    const changed = changeRepository(ctx, repositoryKind.find(ctx, input), {
      scanOnPush: input.imageScanningConfiguration.scanOnPush ?? false,
    })
    return {
      registryId: changed.account,
      repositoryName: changed.name,
      imageScanningConfiguration: { scanOnPush: changed.scanOnPush },
    }
  },
})
