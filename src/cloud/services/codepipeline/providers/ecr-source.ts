/** Source from an image in an ECR repository: a file that tells which image it is. */

import { repositoryUri } from '../../../kernel/addresses.ts'
import { pack } from '../../../machine/archive.ts'
import { ActionFailure, type ActionJob, type Runner } from './runner.ts'

export const ecrSource: Runner = {
  id: 'Source/ECR',
  run: async (job) => {
    const image = await findImage(job)
    const detail = { ...image, Version: '1.0', ImageURI: uriOf(job, image) }
    const content = Buffer.from(JSON.stringify(detail))
    await job.write(job.outputs[0]!, await pack([{ name: 'imageDetail.json', content }]))
    const { ImageDigest: id, RegistryId, RepositoryName } = image
    const summary = `Amazon ECR image: ${RepositoryName}@${id}`
    return {
      variables: {
        ImageDigest: id,
        ImageTag: wantedTag(job),
        ImageURI: detail.ImageURI,
        RegistryId,
        RepositoryName,
      },
      external: { id, summary },
      revision: { id, summary, created: Date.parse(image.ImagePushedAt) },
    }
  },
}

/** What AWS writes into imageDetail.json, without the address. */
interface FoundImage {
  readonly ImageSizeInBytes: number
  readonly ImageDigest: string
  readonly ImagePushedAt: string
  readonly RegistryId: string
  readonly RepositoryName: string
  readonly ImageTags: readonly string[]
}

const wantedTag = ({ configuration }: ActionJob): string => configuration.ImageTag || 'latest'

/** AWS: looks the image up with ecr:DescribeImages, by its digest where the execution is for a certain one. */
async function findImage(job: ActionJob): Promise<FoundImage> {
  const { RepositoryName: repositoryName = '' } = job.configuration
  const imageId = job.override ? { imageDigest: job.override.revisionValue } : { imageTag: wantedTag(job) }
  const { imageDetails = [] } = await job.call('ecr', 'DescribeImages', {
    repositoryName,
    imageIds: [imageId],
  })
  const [image] = imageDetails
  if (!image) throw new ActionFailure(`The repository ${repositoryName} has no such image`)
  return {
    ImageSizeInBytes: image.imageSizeInBytes ?? 0,
    ImageDigest: image.imageDigest ?? '',
    ImagePushedAt: (image.imagePushedAt ?? job.ctx.cloud.clock.date()).toISOString(),
    RegistryId: image.registryId ?? '',
    RepositoryName: repositoryName,
    ImageTags: image.imageTags ?? [],
  }
}

const uriOf = ({ ctx, region }: ActionJob, image: FoundImage): string => {
  const place = { account: image.RegistryId, region, name: image.RepositoryName }
  return `${repositoryUri(ctx.cloud, place)}@${image.ImageDigest}`
}
