/** Layers and images: pushed, pulled, tagged, listed and deleted through the SDK client. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  type ImageIdentifier,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { digestOf, imageOf, indexOf, pushBlob, pushImage } from './images.ts'

const test = await startTestCloud()
const ecr = test.client(ECRClient)
const MB = 1024 * 1024

const create = (repositoryName: string, more: object = {}) =>
  ecr.send(new CreateRepositoryCommand({ repositoryName, ...more }))
const put = (repositoryName: string, imageManifest: string, imageTag?: string, more: object = {}) =>
  ecr.send(new PutImageCommand({ repositoryName, imageManifest, imageTag, ...more }))
const list = async (repositoryName: string) =>
  (await ecr.send(new ListImagesCommand({ repositoryName }))).imageIds
const remove = (repositoryName: string, ...imageIds: ImageIdentifier[]) =>
  ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }))
const layerFiles = () => readdirSync(join(test.cloud.folder, 'images', 'layers'))

describe('layers', () => {
  const begin = async (repositoryName: string) =>
    (await ecr.send(new InitiateLayerUploadCommand({ repositoryName }))).uploadId!
  const part = (repositoryName: string, uploadId: string, partFirstByte: number, layerPartBlob: Uint8Array) =>
    ecr.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte,
        partLastByte: partFirstByte + layerPartBlob.length - 1,
        layerPartBlob,
      }),
    )
  const complete = (repositoryName: string, uploadId: string, digest: string) =>
    ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }))

  it('are uploaded in parts that follow each other', async () => {
    await create('parts')
    const content = Buffer.concat([Buffer.alloc(6 * MB, 'a'), Buffer.from('the end')])
    const id = await begin('parts')
    expect((await part('parts', id, 0, content.subarray(0, 6 * MB))).lastByteReceived).toBe(6 * MB - 1)
    await expect(part('parts', id, 5, Buffer.from('x'))).rejects.toMatchObject({
      name: 'InvalidLayerPartException',
      uploadId: id,
      lastValidByteReceived: 6 * MB - 1,
    })
    await part('parts', id, 6 * MB, content.subarray(6 * MB))
    await expect(complete('parts', id, digestOf('other'))).rejects.toMatchObject({
      name: 'InvalidLayerException',
    })
    await complete('parts', id, digestOf(content))
    await expect(complete('parts', id, digestOf(content))).rejects.toMatchObject({
      name: 'UploadNotFoundException',
    })
    const { layers, failures } = await ecr.send(
      new BatchCheckLayerAvailabilityCommand({
        repositoryName: 'parts',
        layerDigests: [digestOf(content), digestOf('other'), 'nonsense'],
      }),
    )
    expect(layers).toEqual([
      { layerDigest: digestOf(content), layerAvailability: 'AVAILABLE', layerSize: content.length },
      { layerDigest: digestOf('other'), layerAvailability: 'UNAVAILABLE' },
    ])
    expect(failures).toMatchObject([{ layerDigest: 'nonsense', failureCode: 'InvalidLayerDigest' }])
  })

  it('have large parts but for the last, and some bytes', async () => {
    await create('small-parts')
    const id = await begin('small-parts')
    await expect(complete('small-parts', id, digestOf(''))).rejects.toMatchObject({
      name: 'EmptyUploadException',
    })
    for (const [at, text] of ['a', 'b'].entries()) await part('small-parts', id, at, Buffer.from(text))
    await expect(complete('small-parts', id, digestOf('ab'))).rejects.toMatchObject({
      name: 'LayerPartTooSmallException',
    })
  })

  it('of two that send the same part at once one is refused', async () => {
    await create('racing')
    const id = await begin('racing')
    const both = await Promise.allSettled([
      part('racing', id, 0, Buffer.from('one')),
      part('racing', id, 0, Buffer.from('two')),
    ])
    expect(both.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('are there once in a repository, and once on disk', async () => {
    for (const name of ['twice', 'twice-too']) await create(name)
    const blob = Buffer.from('the same everywhere')
    await pushBlob(ecr, { repositoryName: 'twice' }, blob)
    await expect(pushBlob(ecr, { repositoryName: 'twice' }, blob)).rejects.toMatchObject({
      name: 'LayerAlreadyExistsException',
    })
    await pushBlob(ecr, { repositoryName: 'twice-too' }, blob)
    expect(layerFiles().filter((file) => file === digestOf(blob).replace(':', '-'))).toHaveLength(1)
  })
})

describe('images', () => {
  it('need their layers', async () => {
    await create('layerless')
    const { manifest, blobs } = imageOf('absent')
    const missing = blobs.map(digestOf).join(', ')
    await expect(put('layerless', manifest)).rejects.toMatchObject({
      name: 'LayersNotFoundException',
      message: `Layers with digests '[${missing}]' required for pushing image into repository with name 'layerless' in the registry with id '${HUB}' do not exist`,
    })
  })

  it('are given back as they were pushed', async () => {
    await create('pulled')
    const digest = await pushImage(ecr, { repositoryName: 'pulled' }, 'text', 'v1')
    const { images, failures } = await ecr.send(
      new BatchGetImageCommand({
        repositoryName: 'pulled',
        imageIds: [{ imageTag: 'v1' }, { imageDigest: digest }, { imageTag: 'v2' }, {}, { imageDigest: 'x' }],
      }),
    )
    const imageManifest = imageOf('text').manifest
    const common = { registryId: HUB, repositoryName: 'pulled', imageManifest }
    expect(images).toMatchObject([
      { ...common, imageId: { imageDigest: digest, imageTag: 'v1' } },
      { ...common, imageId: { imageDigest: digest } },
    ])
    expect(failures).toMatchObject([
      { failureCode: 'ImageNotFound', failureReason: 'Requested image not found' },
      { failureCode: 'MissingDigestAndTag' },
      { failureCode: 'InvalidImageDigest' },
    ])
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'pulled' }))
    expect(imageDetails).toMatchObject([
      {
        imageDigest: digest,
        imageTags: ['v1'],
        imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactMediaType: 'application/vnd.oci.image.config.v1+json',
        imageSizeInBytes: imageOf('text').blobs.reduce((sum, one) => sum + one.length, 0),
        lastRecordedPullTime: expect.any(Date),
      },
    ])
  })

  it('are given only as a type that is accepted', async () => {
    await create('accepting')
    await pushImage(ecr, { repositoryName: 'accepting' }, 'text', 'v1')
    const { failures } = await ecr.send(
      new BatchGetImageCommand({
        repositoryName: 'accepting',
        imageIds: [{ imageTag: 'v1' }],
        acceptedMediaTypes: ['application/vnd.docker.distribution.manifest.v2+json'],
      }),
    )
    expect(failures).toMatchObject([{ failureCode: 'ImageNotFound' }])
  })

  it('take a tag from each other', async () => {
    await create('moving')
    const one = await pushImage(ecr, { repositoryName: 'moving' }, 'one', 'latest')
    const two = await pushImage(ecr, { repositoryName: 'moving' }, 'two', 'latest')
    expect(await list('moving')).toEqual([{ imageDigest: one }, { imageDigest: two, imageTag: 'latest' }])
    await expect(put('moving', imageOf('two').manifest, 'latest')).rejects.toMatchObject({
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${two}' and tag 'latest' already exists in the repository with name 'moving' in registry with id '${HUB}'`,
    })
    const filter = { tagStatus: 'UNTAGGED' as const }
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: 'moving', filter }))
    expect(imageDetails?.map((image) => image.imageDigest)).toEqual([one])
  })

  it('keep a tag where tags are immutable, the exclusions excepted', async () => {
    await create('fixed', {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    })
    const push = (text: string, tag: string) => pushImage(ecr, { repositoryName: 'fixed' }, text, tag)
    for (const tag of ['v1', 'dev-1']) await push('one', tag)
    await expect(push('two', 'v1')).rejects.toMatchObject({
      name: 'ImageTagAlreadyExistsException',
      message: `The image tag 'v1' already exists in the 'fixed' repository and cannot be overwritten because the tag is immutable.`,
    })
    await push('two', 'dev-1')
  })

  it('are named by lists, and stay as long as a list names them', async () => {
    await create('lists')
    const digest = await pushImage(ecr, { repositoryName: 'lists' }, 'amd64')
    const index = indexOf(digest)
    await expect(put('lists', indexOf(digestOf('absent')).manifest)).rejects.toMatchObject({
      name: 'ReferencedImagesNotFoundException',
    })
    await put('lists', index.manifest, 'all')
    const { failures } = await remove('lists', { imageDigest: digest })
    expect(failures).toMatchObject([{ failureCode: 'ImageReferencedByManifestList' }])
    await remove('lists', { imageTag: 'all' })
    expect((await remove('lists', { imageDigest: digest })).failures).toEqual([])
    expect(await list('lists')).toEqual([])
  })

  it('refuse manifests that are none', async () => {
    await create('strange')
    const refused = (manifest: string, more: object = {}) =>
      expect(put('strange', manifest, undefined, more)).rejects
    await refused('{').toMatchObject({ name: 'InvalidParameterException' })
    await refused('{"schemaVersion":2,"layers":[]}').toMatchObject({ name: 'InvalidParameterException' })
    await refused('{"schemaVersion":1}').toMatchObject({
      message: expect.stringContaining('Docker schema version 1'),
    })
    await refused(imageOf('x').manifest, { imageManifestMediaType: 'application/json' }).toMatchObject({
      name: 'InvalidParameterException',
    })
    await refused(imageOf('x').manifest, { imageDigest: digestOf('other') }).toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
    })
  })

  it('go with their last tag, and with them the layers that nothing else is made of', async () => {
    await create('leaving')
    const digest = await pushImage(ecr, { repositoryName: 'leaving' }, 'leaving layer', 'a')
    await put('leaving', imageOf('leaving layer').manifest, 'b')
    const file = digestOf('leaving layer').replace(':', '-')
    const gone: unknown[] = []
    const stop = test.cloud.bus.listen(({ detail }) =>
      gone.push([detail['action-type'], detail['image-tag']]),
    )
    expect((await remove('leaving', { imageTag: 'a' })).imageIds).toEqual([
      { imageDigest: digest, imageTag: 'a' },
    ])
    expect(layerFiles()).toContain(file)
    await remove('leaving', { imageTag: 'b' })
    stop()
    expect(layerFiles()).not.toContain(file)
    expect(gone).toEqual([
      ['DELETE', 'a'],
      ['DELETE', 'b'],
    ])
    expect((await remove('leaving', { imageDigest: digest })).failures).toMatchObject([
      { failureCode: 'ImageNotFound' },
    ])
  })

  it('that are not there are told by name', async () => {
    await create('asked')
    await expect(
      ecr.send(new DescribeImagesCommand({ repositoryName: 'asked', imageIds: [{ imageTag: 'v9' }] })),
    ).rejects.toMatchObject({
      name: 'ImageNotFoundException',
      message: `The image with imageId {imageDigest:'null', imageTag:'v9'} does not exist within the repository with name 'asked' in the registry with id '${HUB}'`,
    })
  })

  it('are listed page by page', async () => {
    await create('many')
    for (const text of ['1', '2', '3']) await pushImage(ecr, { repositoryName: 'many' }, text, `v${text}`)
    const first = await ecr.send(new ListImagesCommand({ repositoryName: 'many', maxResults: 2 }))
    const rest = await ecr.send(new ListImagesCommand({ repositoryName: 'many', nextToken: first.nextToken }))
    const tags = [...first.imageIds!, ...rest.imageIds!].map((one) => one.imageTag)
    expect(tags.sort()).toEqual(['v1', 'v2', 'v3'])
  })
})
