/** Where an engine takes an image of ECR from: as who may pull it, layer by layer. */
import { AwsError, type ImageAddress } from '../../model/index.ts'
import type { Context } from '../kernel/context.ts'
import type { Identity } from '../kernel/identity.ts'
import { ContainerFailure } from '../machine/containers/container-failure.ts'
import type { ImageSource } from '../machine/containers/image-store.ts'

/** The processor's name in lists of images. */
const PROCESSOR = process.arch === 'x64' ? 'amd64' : process.arch

interface Listed {
  readonly digest: string
  readonly platform?: { readonly os?: string; readonly architecture?: string }
}

/**
 * Gives the source of an image by its digest; of a list of images the one that is made for this machine.
 * Errors: ContainerFailure where the list has none, and ECR's own.
 */
export async function ecrSource(
  ctx: Context,
  as: Identity,
  reference: ImageAddress,
  digest: string,
): Promise<ImageSource> {
  const named = { registryId: reference.account, repositoryName: reference.repository }
  const options = { as, region: reference.region }
  const input = { ...named, imageIds: [{ imageDigest: digest }] }
  const { images = [] } = await ctx.call('ecr', 'BatchGetImage', input, options)
  const [found] = images
  if (!found) throw new ContainerFailure(`the image ${digest} is gone`)
  const manifest = found.imageManifest ?? '{}'
  const { manifests } = JSON.parse(manifest) as { manifests?: readonly Listed[] }
  if (manifests) return ecrSource(ctx, as, reference, ofThisMachine(manifests))
  return {
    digest,
    manifest,
    mediaType: found.imageManifestMediaType ?? 'application/vnd.oci.image.manifest.v1+json',
    blob: async (layerDigest) => {
      const { downloadUrl = '' } = await ctx.call(
        'ecr',
        'GetDownloadUrlForLayer',
        { ...named, layerDigest },
        options,
      )
      const { ok, status, body } = await fetch(downloadUrl)
      if (!ok || !body) throw new AwsError('LayerInaccessibleException', `${layerDigest}: status ${status}`)
      return body
    },
  }
}

function ofThisMachine(manifests: readonly Listed[]): string {
  const found = manifests.find(
    ({ platform }) => platform?.os === 'linux' && platform.architecture === PROCESSOR,
  )
  if (found) return found.digest
  const platforms = manifests.map(({ platform }) => `${platform?.os}/${platform?.architecture}`)
  throw new ContainerFailure(
    `image Manifest does not contain descriptor matching platform 'linux/${PROCESSOR}': it has ${platforms.join(', ')}`,
  )
}
