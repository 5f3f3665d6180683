/** Taking images out of a repository, with the layers that no other image there is made of. */
import type { Context } from '../../../kernel/context.ts'
import { type Image, inRepository, type Repository } from '../state.ts'
import { dropUnused } from './blobs.ts'
import { findLayer, imagesOf, imageTable, layerTable, saveImage } from './find.ts'
import { publishImageAction } from './image-events.ts'

/** Removes an image. AWS: an event for each of its tags, or one without a tag. */
export function removeImage(ctx: Context, repository: Repository, image: Image): void {
  imageTable(ctx, repository).delete(inRepository(repository.name, image.digest))
  removeLayers(ctx, repository, image)
  const tags = image.tags.length ? image.tags : [undefined]
  for (const tag of tags) publishImageAction(ctx, repository, 'DELETE', { digest: image.digest, tag })
}

/** Removes a tag; with its last tag the image goes. */
export function removeTag(ctx: Context, repository: Repository, image: Image, tag: string): void {
  const tags = image.tags.filter((one) => one !== tag)
  if (!tags.length) return removeImage(ctx, repository, image)
  saveImage(ctx, repository, { ...image, tags })
  publishImageAction(ctx, repository, 'DELETE', { digest: image.digest, tag })
}

function removeLayers(ctx: Context, repository: Repository, image: Image): void {
  const used = new Set(imagesOf(ctx, repository).flatMap((one) => one.layers))
  const unused = image.layers.filter((digest) => !used.has(digest))
  const files = unused.flatMap((digest) => findLayer(ctx, repository, digest)?.file ?? [])
  for (const digest of unused) layerTable(ctx, repository).delete(inRepository(repository.name, digest))
  dropUnused(ctx.cloud, files)
}

/** The image lists that name an image, which therefore cannot go before them. */
export const listsNaming = (all: readonly Image[], digest: string): Image[] =>
  all.filter((one) => one.images.includes(digest))
