/** Pulling an image as a task does: from ECR under the execution role. Nothing is downloaded, all is asked for. */
import { AwsError, type ImageAddress, imageAddress } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'

/** Why a task did not start, in AWS's words. */
export class PullFailure extends Error {}

/** Gives what an image's name says; undefined where it is in no registry of ECR. */
export const ecrImage = imageAddress

/**
 * Gives the digest of an image; undefined for one outside ECR, which the embedded cloud reaches nowhere and takes as
 * pulled. `known` is the digest that the deployment's first task found behind the tag.
 * Errors: PullFailure. AWS: a token that nobody allows is a ResourceInitializationError, all else a
 * CannotPullContainerError ("CannotPullContainer task errors in Amazon ECS").
 */
export async function pullImage(
  ctx: Context,
  as: Identity | undefined,
  image: string,
  known?: string,
): Promise<string | undefined> {
  const reference = ecrImage(image)
  if (!reference) return undefined
  if (!as)
    throw new PullFailure(
      `CannotPullContainerError: pull access denied for ${image}: the task has no execution role to pull with.`,
    )
  await ctx
    .call('ecr', 'GetAuthorizationToken', {}, { as, region: reference.region })
    .catch((error: unknown) => {
      throw new PullFailure(
        `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 1 time(s): ${told(error)}`,
      )
    })
  return manifestAndLayers(ctx, as, { ...reference, digest: known ?? reference.digest }, image)
}

async function manifestAndLayers(
  ctx: Context,
  as: Identity,
  at: ImageAddress,
  image: string,
): Promise<string> {
  const named = { registryId: at.account, repositoryName: at.repository }
  const options = { as, region: at.region }
  try {
    const imageIds = [at.digest ? { imageDigest: at.digest } : { imageTag: at.tag }]
    const { images = [] } = await ctx.call('ecr', 'BatchGetImage', { ...named, imageIds }, options)
    const [found] = images
    if (!found)
      throw new PullFailure(
        `CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${image}: ${image}: not found`,
      )
    const { layers = [] } = JSON.parse(found.imageManifest ?? '{}') as { layers?: { digest: string }[] }
    const layerDigests = [...new Set(layers.map(({ digest }) => digest))]
    if (layerDigests.length)
      await ctx.call('ecr', 'BatchCheckLayerAvailability', { ...named, layerDigests }, options)
    for (const layerDigest of layerDigests)
      await ctx.call('ecr', 'GetDownloadUrlForLayer', { ...named, layerDigest }, options)
    return found.imageId?.imageDigest ?? ''
  } catch (error) {
    if (error instanceof PullFailure) throw error
    throw new PullFailure(
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: pulling from host ${image.split('/')[0]} failed with status code [manifests ${at.digest ?? at.tag}]: ${told(error)}`,
    )
  }
}

/** Errors: anything that is no answer of a service. */
function told(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`
  throw error
}
