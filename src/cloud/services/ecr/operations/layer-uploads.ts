/** ecr:InitiateLayerUpload, UploadLayerPart and CompleteLayerUpload. */

import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import { operation } from '../../../kernel/operation.ts'
import { accessTo } from '../engine/access.ts'
import { beginUpload, dropUpload, keepUpload, uploadDigest, writePart } from '../engine/blobs.ts'
import { newSeal, openSeal } from '../engine/encryption.ts'
import { findLayer, invalidParameter, inWords, layerTable, type Named } from '../engine/find.ts'
import { repositoryKind } from '../kinds.ts'
import { inRepository, type Repository, type Upload, uploads } from '../state.ts'

/** Bytes. AWS: parts come in this size; all but the last must have at least half of it. */
export const PART_SIZE = 10 * 1024 * 1024
const LEAST_PART = PART_SIZE / 2

const table = (ctx: Context, { account, region }: Repository) => ctx.table(uploads, account, region)

interface Under {
  readonly repository: Repository
  readonly upload: Upload
}

/** Errors: RepositoryNotFoundException, UploadNotFoundException. */
export function findUpload(ctx: Context, input: Named & { readonly uploadId: string }): Under {
  const repository = repositoryKind.find(ctx, input)
  const upload = table(ctx, repository).get(input.uploadId)
  if (upload?.repository === repository.name) return { repository, upload }
  throw new AwsError(
    'UploadNotFoundException',
    `The upload with id '${input.uploadId}' in the repository ${inWords(repository)} could not be found`,
  )
}

/** Errors: RepositoryNotFoundException, KmsException. */
export const InitiateLayerUpload = operation({
  service: 'ecr',
  name: 'InitiateLayerUpload',
  access: accessTo('InitiateLayerUpload'),
  run: async (input, ctx) => {
    const id = ctx.cloud.ids.uuid()
    const { seal } = await newSeal(ctx, repositoryKind.find(ctx, input), { bucket: 'layer', id })
    const repository = repositoryKind.find(ctx, input)
    const upload = { id, repository: repository.name, received: 0, hasSmallPart: false, isBroken: false }
    beginUpload(ctx.cloud, id)
    table(ctx, repository).put(id, { ...upload, ...(seal && { seal }) })
    return { uploadId: id, partSize: PART_SIZE }
  },
})

/**
 * Takes the next part.
 * Errors: UploadNotFoundException, InvalidLayerPartException when the part does not begin where the last one ended.
 */
export const UploadLayerPart = operation({
  service: 'ecr',
  name: 'UploadLayerPart',
  access: accessTo('UploadLayerPart'),
  run: async (input, ctx) => {
    const { repository, upload } = findUpload(ctx, input)
    const { partFirstByte: position, layerPartBlob: bytes } = input
    if (input.partLastByte - position + 1 !== bytes.byteLength)
      throw invalidParameter('partFirstByte and partLastByte do not tell the length of layerPartBlob.')
    if (position !== upload.received) throw wrongPart(repository, upload)
    const received = position + bytes.byteLength
    // Before anything is awaited, so that of two that send the same part one is refused.
    table(ctx, repository).put(upload.id, {
      ...upload,
      received,
      hasSmallPart: bytes.byteLength < LEAST_PART,
      isBroken: upload.isBroken || upload.hasSmallPart,
    })
    const encrypt = (await openSeal(ctx, repository.region, upload.seal))(position)
    await writePart(ctx.cloud, upload.id, { position, bytes: encrypt(bytes) })
    return {
      registryId: repository.account,
      repositoryName: repository.name,
      uploadId: upload.id,
      lastByteReceived: received - 1,
    }
  },
})

const wrongPart = (repository: Repository, { id, received }: Upload): AwsError =>
  new AwsError(
    'InvalidLayerPartException',
    `The layer part does not begin at byte ${received}, where the upload with id '${id}' in the repository ${inWords(repository)} goes on`,
    {
      fields: {
        registryId: repository.account,
        repositoryName: repository.name,
        uploadId: id,
        lastValidByteReceived: received - 1,
      },
    },
  )

/**
 * Makes what was uploaded a layer, if its digest is right.
 * Errors: UploadNotFoundException, EmptyUploadException, LayerPartTooSmallException, InvalidLayerException,
 * LayerAlreadyExistsException.
 */
export const CompleteLayerUpload = operation({
  service: 'ecr',
  name: 'CompleteLayerUpload',
  access: accessTo('CompleteLayerUpload'),
  run: async (input, ctx) => {
    const { repository, upload } = findUpload(ctx, input)
    if (upload.received === 0)
      throw new AwsError(
        'EmptyUploadException',
        'The specified layer upload does not contain any layer parts',
      )
    if (upload.isBroken)
      throw new AwsError(
        'LayerPartTooSmallException',
        `Layer parts must be at least ${LEAST_PART} bytes in size, the last one excepted`,
      )
    const decrypt = (await openSeal(ctx, repository.region, upload.seal))(0)
    const digest = await uploadDigest(ctx.cloud, upload.id, decrypt)
    if (!input.layerDigests.includes(digest))
      throw new AwsError(
        'InvalidLayerException',
        `The specified layer digest does not match the calculated digest '${digest}'`,
      )
    keep(ctx, { repository, upload: findUpload(ctx, input).upload }, digest)
    return {
      registryId: repository.account,
      repositoryName: repository.name,
      uploadId: upload.id,
      layerDigest: digest,
    }
  },
})

function keep(ctx: Context, { repository, upload }: Under, digest: string): void {
  table(ctx, repository).delete(upload.id)
  if (findLayer(ctx, repository, digest)) {
    dropUpload(ctx.cloud, upload.id)
    throw new AwsError(
      'LayerAlreadyExistsException',
      `Layer with digest '${digest}' already exists in the repository ${inWords(repository)}`,
    )
  }
  const file = upload.seal ? upload.id : digest.replace(':', '-')
  keepUpload(ctx.cloud, upload.id, file)
  layerTable(ctx, repository).put(inRepository(repository.name, digest), {
    repository: repository.name,
    digest,
    size: upload.received,
    file,
    ...(upload.seal && { seal: upload.seal }),
  })
}
