/** How requests name images: by digest, by tag, or by both. */
import type { Context } from '../../../kernel/context.ts'
import type { Image, Repository } from '../state.ts'
import { imageWith, taggedImage } from './find.ts'

export interface ImageId {
  readonly imageDigest?: string
  readonly imageTag?: string
}

export interface ImageFailure {
  readonly imageId: ImageId
  readonly failureCode:
    | 'InvalidImageDigest'
    | 'ImageTagDoesNotMatchDigest'
    | 'ImageNotFound'
    | 'MissingDigestAndTag'
    | 'ImageReferencedByManifestList'
    | 'KmsError'
  readonly failureReason: string
}

const REASONS = {
  MissingDigestAndTag: 'Invalid request parameters: both tag and digest cannot be null',
  InvalidImageDigest:
    "Invalid request parameters: image digest should satisfy the regex '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
  ImageNotFound: 'Requested image not found',
  ImageTagDoesNotMatchDigest: 'The provided image tag does not match the image digest',
}

const failure = (imageId: ImageId, failureCode: keyof typeof REASONS): ImageFailure => ({
  imageId,
  failureCode,
  failureReason: REASONS[failureCode],
})

/** Gives the image that is named, or why there is none, as the batch operations tell it. */
export function resolveImage(ctx: Context, repository: Repository, id: ImageId): Image | ImageFailure {
  const { imageDigest: digest, imageTag: tag } = id
  if (digest === undefined && tag === undefined) return failure(id, 'MissingDigestAndTag')
  if (digest !== undefined && !/^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/.test(digest))
    return failure(id, 'InvalidImageDigest')
  const found = digest === undefined ? taggedImage(ctx, repository, tag!) : imageWith(ctx, repository, digest)
  if (!found) return failure(id, 'ImageNotFound')
  if (tag !== undefined && !found.tags.includes(tag)) return failure(id, 'ImageTagDoesNotMatchDigest')
  return found
}

export const isFailure = (one: Image | ImageFailure): one is ImageFailure => 'failureCode' in one
