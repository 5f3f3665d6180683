/** ecr:DescribeImages and ListImages. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { paginate } from '../../../kernel/pagination.ts'
import { accessTo } from '../engine/access.ts'
import { imagesOf, invalidParameter, inWords } from '../engine/find.ts'
import { type ImageId, isFailure, resolveImage } from '../engine/image-ids.ts'
import { applyLifecycle } from '../engine/lifecycle.ts'
import { repositoryKind } from '../kinds.ts'
import type { Image, Repository } from '../state.ts'

const PAGE = 100

interface Filter {
  readonly tagStatus?: string
  readonly imageStatus?: string
}

/** Nothing is ever archived here: every image is active. */
const passes = ({ tagStatus = 'ANY', imageStatus = 'ACTIVE' }: Filter, { tags }: Image): boolean =>
  ['ACTIVE', 'ANY'].includes(imageStatus) &&
  (tagStatus === 'ANY' || (tagStatus === 'TAGGED') === tags.length > 0)

const invalidToken = () => invalidParameter('The nextToken is invalid.')

const describe = (repository: Repository, image: Image) => ({
  registryId: repository.account,
  repositoryName: repository.name,
  imageDigest: image.digest,
  ...(image.tags.length && { imageTags: [...image.tags] }),
  imageSizeInBytes: image.size,
  imagePushedAt: new Date(image.pushedAt),
  imageManifestMediaType: image.mediaType,
  artifactMediaType: image.artifactMediaType,
  ...(image.pulledAt !== undefined && { lastRecordedPullTime: new Date(image.pulledAt) }),
  subjectManifestDigest: image.subject,
  imageStatus: 'ACTIVE' as const,
  ...(repository.scanOnPush && {
    imageScanStatus: {
      status: 'UNSUPPORTED_IMAGE' as const,
      description: 'The embedded cloud does not scan images.',
    },
  }),
})

/** Errors: RepositoryNotFoundException, ImageNotFoundException, InvalidParameterException. */
export const DescribeImages = operation({
  service: 'ecr',
  name: 'DescribeImages',
  access: accessTo('DescribeImages'),
  run: (input, ctx) => {
    const repository = applyLifecycle(ctx, repositoryKind.find(ctx, input))
    const { imageIds, filter = {}, maxResults, nextToken } = input
    if (imageIds) {
      if (maxResults !== undefined || nextToken !== undefined)
        throw invalidParameter('nextToken and maxResults cannot be used when imageIds are given.')
      const digests = new Set(imageIds.map((id) => named(ctx, repository, id).digest))
      const found = imagesOf(ctx, repository).filter((one) => digests.has(one.digest))
      return { imageDetails: found.map((one) => describe(repository, one)) }
    }
    const all = imagesOf(ctx, repository).filter((one) => passes(filter, one))
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults ?? PAGE,
      query: [repository.arn, filter],
      error: invalidToken,
    })
    return {
      imageDetails: page.items.map((one) => describe(repository, one)),
      nextToken: page.nextToken,
    }
  },
})

function named(ctx: Context, repository: Repository, id: ImageId): Image {
  const found = resolveImage(ctx, repository, id)
  if (!isFailure(found)) return found
  if (found.failureCode === 'MissingDigestAndTag') throw invalidParameter(found.failureReason)
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${id.imageDigest ?? null}', imageTag:'${id.imageTag ?? null}'} does not exist within the repository ${inWords(repository)}`,
  )
}

/** AWS: an image with several tags is listed once for each. Errors: RepositoryNotFoundException. */
export const ListImages = operation({
  service: 'ecr',
  name: 'ListImages',
  access: accessTo('ListImages'),
  run: (input, ctx) => {
    const repository = applyLifecycle(ctx, repositoryKind.find(ctx, input))
    const { filter = {}, maxResults, nextToken } = input
    const all = imagesOf(ctx, repository)
      .filter((one) => passes(filter, one))
      .flatMap(({ digest: imageDigest, tags }): ImageId[] =>
        tags.length ? tags.map((imageTag) => ({ imageDigest, imageTag })) : [{ imageDigest }],
      )
    const page = paginate(all, {
      token: nextToken,
      limit: maxResults ?? PAGE,
      query: [repository.arn, filter],
      error: invalidToken,
    })
    return { imageIds: page.items, nextToken: page.nextToken }
  },
})
