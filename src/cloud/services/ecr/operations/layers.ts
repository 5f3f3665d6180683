/** ecr:BatchCheckLayerAvailability and GetDownloadUrlForLayer. */

import { AwsError } from '../../../../model/index.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { openSeal } from '../engine/encryption.ts'
import { findLayer, inWords } from '../engine/find.ts'
import { layerAddress } from '../engine/layer-address.ts'
import { repositoryKind } from '../kinds.ts'

const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/

/** Errors: RepositoryNotFoundException. */
export const BatchCheckLayerAvailability = operation({
  service: 'ecr',
  name: 'BatchCheckLayerAvailability',
  access: accessTo('BatchCheckLayerAvailability'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const valid = input.layerDigests.filter((digest) => DIGEST.test(digest))
    const wrong = input.layerDigests.filter((digest) => !DIGEST.test(digest))
    return {
      layers: valid.map((layerDigest) => {
        const layer = findLayer(ctx, repository, layerDigest)
        if (!layer) return { layerDigest, layerAvailability: 'UNAVAILABLE' as const }
        const { size, mediaType } = layer
        return { layerDigest, layerAvailability: 'AVAILABLE' as const, layerSize: size, mediaType }
      }),
      failures: wrong.map((layerDigest) => ({
        layerDigest,
        failureCode: 'InvalidLayerDigest' as const,
        failureReason: `Invalid request parameters: layer digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'`,
      })),
    }
  },
})

/**
 * AWS: the address is presigned; who has it reads the layer without further permission, for an hour.
 * Errors: RepositoryNotFoundException, LayersNotFoundException, LayerInaccessibleException.
 */
export const GetDownloadUrlForLayer = operation({
  service: 'ecr',
  name: 'GetDownloadUrlForLayer',
  access: accessTo('GetDownloadUrlForLayer'),
  run: async (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const layer = findLayer(ctx, repository, input.layerDigest)
    if (!layer)
      throw new AwsError(
        'LayersNotFoundException',
        `The layer with digest '${input.layerDigest}' does not exist in the repository ${inWords(repository)}`,
      )
    await openSeal(ctx, repository.region, layer.seal).catch((error: AwsError) => {
      throw new AwsError('LayerInaccessibleException', error.message)
    })
    return { downloadUrl: layerAddress(ctx.cloud, repository, layer.digest), layerDigest: layer.digest }
  },
})
