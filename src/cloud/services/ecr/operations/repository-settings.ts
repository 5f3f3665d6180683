/** ecr:PutImageTagMutability and PutImageScanningConfiguration. */
import { operation } from '../../../kernel/operation.ts'
import { exclusionFilters } from '../engine/describe-repository.ts'
import { accessTo, changeRepository, findRepository } from '../engine/find.ts'
import { readMutability } from '../engine/mutability.ts'

/** Errors: RepositoryNotFoundException, InvalidParameterException. */
export const PutImageTagMutability = operation({
  service: 'ecr',
  name: 'PutImageTagMutability',
  access: accessTo('PutImageTagMutability'),
  run: (input, ctx) => {
    const changed = changeRepository(ctx, findRepository(ctx, input), readMutability(input))
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
    const changed = changeRepository(ctx, findRepository(ctx, input), {
      scanOnPush: input.imageScanningConfiguration.scanOnPush ?? false,
    })
    return {
      registryId: changed.account,
      repositoryName: changed.name,
      imageScanningConfiguration: { scanOnPush: changed.scanOnPush },
    }
  },
})
