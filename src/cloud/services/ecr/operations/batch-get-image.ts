/** ecr:BatchGetImage and BatchDeleteImage. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { imagesOf, saveImage } from '../engine/find.ts'
import { type ImageFailure, type ImageId, isFailure, resolveImage } from '../engine/image-ids.ts'
import { applyLifecycle } from '../engine/lifecycle.ts'
import { manifestText } from '../engine/manifest-text.ts'
import { listsNaming, removeImage, removeTag } from '../engine/remove-images.ts'
import { repositoryKind } from '../kinds.ts'
import type { Image, Repository } from '../state.ts'

const DAY = 86_400_000

/**
 * Gives manifests.
 * AWS: what cannot be given is a failure beside the rest, not an error. Errors: RepositoryNotFoundException.
 */
export const BatchGetImage = operation({
  service: 'ecr',
  name: 'BatchGetImage',
  access: accessTo('BatchGetImage'),
  run: async (input, ctx) => {
    const repository = applyLifecycle(ctx, repositoryKind.find(ctx, input))
    const failures: ImageFailure[] = []
    const images = []
    for (const id of input.imageIds) {
      const image = resolveImage(ctx, repository, id)
      const read = isFailure(image)
        ? image
        : await readImage(ctx, repository, { id, image, accepted: input.acceptedMediaTypes })
      if ('failureCode' in read) failures.push(read)
      else images.push(read)
    }
    return { images, failures }
  },
})

interface Wanted {
  readonly id: ImageId
  readonly image: Image
  readonly accepted?: readonly string[]
}

async function readImage(ctx: Context, repository: Repository, { id, image, accepted }: Wanted) {
  const failed = (failureCode: 'ImageNotFound' | 'KmsError', failureReason: string): ImageFailure => ({
    imageId: id,
    failureCode,
    failureReason,
  })
  if (accepted && !accepted.includes(image.mediaType))
    return failed('ImageNotFound', `The image is of the type ${image.mediaType}, which is not accepted`)
  let imageManifest: string
  try {
    imageManifest = await manifestText(ctx, repository, image)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    return failed('KmsError', error.message)
  }
  rememberPull(ctx, repository, image)
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    imageId: { imageDigest: image.digest, imageTag: id.imageTag },
    imageManifest,
    imageManifestMediaType: image.mediaType,
  }
}

/** AWS: the time of the last pull is right to within a day. */
function rememberPull(ctx: Context, repository: Repository, { digest, pulledAt = 0 }: Image): void {
  const now = ctx.cloud.clock.now()
  const image = resolveImage(ctx, repository, { imageDigest: digest })
  if (now - pulledAt >= DAY && !isFailure(image)) saveImage(ctx, repository, { ...image, pulledAt: now })
}

/**
 * AWS: a digest takes the image with all its tags, a tag only itself unless it is the last one; an image that a list
 * names stays. Errors: RepositoryNotFoundException.
 */
export const BatchDeleteImage = operation({
  service: 'ecr',
  name: 'BatchDeleteImage',
  access: accessTo('BatchDeleteImage'),
  run: (input, ctx) => {
    const repository = repositoryKind.find(ctx, input)
    const failures: ImageFailure[] = []
    const imageIds: ImageId[] = []
    for (const id of input.imageIds) {
      const image = resolveImage(ctx, repository, id)
      const problem = isFailure(image) ? image : referenced(ctx, repository, id, image)
      if (problem) failures.push(problem)
      else imageIds.push(...remove(ctx, repository, id, image as Image))
    }
    return { imageIds: [...imageIds], failures }
  },
})

function referenced(
  ctx: Context,
  repository: Repository,
  imageId: ImageId,
  image: Image,
): ImageFailure | undefined {
  const isWhole = imageId.imageTag === undefined || image.tags.length === 1
  const lists = isWhole ? listsNaming(imagesOf(ctx, repository), image.digest) : []
  if (!lists.length) return undefined
  const names = lists.map((one) => one.digest).join(', ')
  return {
    imageId,
    failureCode: 'ImageReferencedByManifestList',
    failureReason: `Requested image referenced by manifest list: [${names}]`,
  }
}

/** AWS: each tag that went is told with its digest. */
function remove(ctx: Context, repository: Repository, { imageTag: tag }: ImageId, image: Image): ImageId[] {
  const { digest: imageDigest } = image
  if (tag === undefined) {
    removeImage(ctx, repository, image)
    const tags = image.tags.map((imageTag) => ({ imageDigest, imageTag }))
    return tags.length ? tags : [{ imageDigest }]
  }
  removeTag(ctx, repository, image, tag)
  return [{ imageDigest, imageTag: tag }]
}
