/** ecr:PutImage. */

import { AwsError } from '../../../../model/index.ts'
import type { Input } from '../../../kernel/api.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import {
  findLayer,
  imageWith,
  invalidAt,
  inWords,
  layerTable,
  saveImage,
  taggedImage,
} from '../engine/find.ts'
import { publishImageAction } from '../engine/image-events.ts'
import { applyLifecycle } from '../engine/lifecycle.ts'
import { type Manifest, manifestDigest, readManifest } from '../engine/manifest.ts'
import { keepManifest } from '../engine/manifest-text.ts'
import { isFixed } from '../engine/mutability.ts'
import { repositoryKind } from '../kinds.ts'
import { type Image, inRepository, type Repository } from '../state.ts'

const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/

/**
 * Keeps a manifest whose layers are there, and moves the tag to it.
 * Errors: LayersNotFoundException, ReferencedImagesNotFoundException, ImageDigestDoesNotMatchException,
 * ImageAlreadyExistsException, ImageTagAlreadyExistsException, InvalidParameterException, KmsException.
 */
export const PutImage = operation({
  service: 'ecr',
  name: 'PutImage',
  access: accessTo('PutImage'),
  run: async (input, ctx) => {
    const asked = repositoryKind.find(ctx, input)
    const { imageManifest: text, imageTag: tag } = input
    if (tag !== undefined && !TAG.test(tag)) throw invalidAt('imageTag', `must satisfy ${TAG.source}`)
    const manifest = readManifest(text, input.imageManifestMediaType)
    const digest = digestOf(input)
    requireReferences(ctx, asked, manifest)
    refuseTag(ctx, asked, digest, tag)
    const kept = imageWith(ctx, asked, digest) ?? (await keepManifest(ctx, asked, digest, text))
    // Again, since KMS was waited for.
    const repository = repositoryKind.find(ctx, input)
    requireReferences(ctx, repository, manifest)
    refuseTag(ctx, repository, digest, tag)
    put(ctx, repository, { manifest, digest, tag, kept })
    publishImageAction(ctx, repository, 'PUSH', { digest, tag })
    applyLifecycle(ctx, repository)
    return {
      image: {
        registryId: repository.account,
        repositoryName: repository.name,
        imageId: { imageDigest: digest, imageTag: tag },
        imageManifest: text,
        imageManifestMediaType: manifest.mediaType,
      },
    }
  },
})

function digestOf({ imageManifest, imageDigest }: Input<'ecr', 'PutImage'>): string {
  const digest = manifestDigest(imageManifest)
  if (imageDigest === undefined || imageDigest === digest) return digest
  throw new AwsError(
    'ImageDigestDoesNotMatchException',
    `The digest '${imageDigest}' does not match the digest '${digest}' that the registry calculated`,
  )
}

function requireReferences(ctx: Context, repository: Repository, manifest: Manifest): void {
  const list = (digests: readonly string[]) => `[${digests.join(', ')}]`
  const layers = manifest.blobs
    .filter(({ digest, isForeign }) => !isForeign && !findLayer(ctx, repository, digest))
    .map(({ digest }) => digest)
  if (layers.length)
    throw new AwsError(
      'LayersNotFoundException',
      `Layers with digests '${list(layers)}' required for pushing image into repository ${inWords(repository)} do not exist`,
    )
  const images = manifest.images.filter((digest) => !imageWith(ctx, repository, digest))
  if (images.length)
    throw new AwsError(
      'ReferencedImagesNotFoundException',
      `Images with digests '${list(images)}' required for pushing image into repository ${inWords(repository)} do not exist`,
    )
}

/** AWS: putting what is there already is an error, and so is moving a tag that is fixed. */
function refuseTag(ctx: Context, repository: Repository, digest: string, tag: string | undefined): void {
  const { name, account } = repository
  const same = imageWith(ctx, repository, digest)
  if (same && (tag === undefined || same.tags.includes(tag)))
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? null}' already exists in the repository with name '${name}' in registry with id '${account}'`,
    )
  if (tag !== undefined && isFixed(repository, tag) && taggedImage(ctx, repository, tag))
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
    )
}

interface Pushed {
  readonly manifest: Manifest
  readonly digest: string
  readonly tag?: string
  readonly kept: Image | Pick<Image, 'manifest' | 'seal'>
}

function put(ctx: Context, repository: Repository, { manifest, digest, tag, kept }: Pushed): void {
  const before = tag === undefined ? undefined : taggedImage(ctx, repository, tag)
  if (before) saveImage(ctx, repository, { ...before, tags: before.tags.filter((one) => one !== tag) })
  const same = imageWith(ctx, repository, digest)
  const tags = [...(same?.tags ?? []), ...(tag === undefined ? [] : [tag])]
  const sizes = manifest.images.map((image) => imageWith(ctx, repository, image)?.size ?? 0)
  saveImage(
    ctx,
    repository,
    same
      ? { ...same, tags }
      : {
          ...kept,
          repository: repository.name,
          digest,
          mediaType: manifest.mediaType,
          artifactMediaType: manifest.artifactMediaType,
          tags,
          size: Math.max(manifest.size, ...sizes),
          layers: manifest.blobs.map((one) => one.digest),
          images: manifest.images,
          subject: manifest.subject,
          pushedAt: ctx.cloud.clock.now(),
        },
  )
  nameLayers(ctx, repository, manifest)
}

/** A layer's media type is known from the images that it is part of. */
function nameLayers(ctx: Context, repository: Repository, { blobs }: Manifest): void {
  for (const { digest, mediaType } of blobs) {
    const layer = findLayer(ctx, repository, digest)
    if (layer && mediaType && layer.mediaType !== mediaType)
      layerTable(ctx, repository).put(inRepository(repository.name, digest), { ...layer, mediaType })
  }
}
