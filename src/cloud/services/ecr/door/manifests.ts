/** Manifests and tags at the registry's door. */
import { AwsError } from '../../../../model/index.ts'
import { manifestDigest } from '../engine/manifest.ts'
import type { RegistryAnswer, RegistryCall } from './registry-call.ts'
import { failed } from './registry-error.ts'

/** Bytes. AWS: the largest manifest. */
const LIMIT = 4 * 1024 * 1024

const isDigest = (reference: string): boolean => reference.includes(':')

const imageId = ({ reference }: RegistryCall) =>
  isDigest(reference) ? { imageDigest: reference } : { imageTag: reference }

/** AWS: ecr:BatchGetImage, also for the head alone. */
export async function getManifest(call: RegistryCall): Promise<RegistryAnswer> {
  const { images = [], failures = [] } = await call.call('BatchGetImage', { imageIds: [imageId(call)] })
  const [image] = images
  if (!image) throw failed(failures[0])
  const body = image.imageManifest ?? ''
  return {
    status: 200,
    headers: {
      'content-type': image.imageManifestMediaType ?? '',
      'content-length': String(Buffer.byteLength(body)),
      'docker-content-digest': image.imageId?.imageDigest ?? '',
    },
    body,
  }
}

/** AWS: ecr:PutImage. Pushing again what is there is no error here. */
export async function putManifest(call: RegistryCall): Promise<RegistryAnswer> {
  const imageManifest = await readText(call)
  const type = call.request.headers['content-type']
  const imageManifestMediaType = type?.startsWith('application/vnd.') ? type : undefined
  const { image } = await call
    .call('PutImage', { ...imageId(call), imageManifest, imageManifestMediaType })
    .catch((error: AwsError) => {
      if (error.code !== 'ImageAlreadyExistsException') throw error
      return { image: undefined }
    })
  const digest = image?.imageId?.imageDigest ?? manifestDigest(imageManifest)
  return {
    status: 201,
    headers: { location: `${call.path}/manifests/${digest}`, 'docker-content-digest': digest },
  }
}

async function readText({ request }: RegistryCall): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > LIMIT)
      throw new AwsError('InvalidParameterException', `A manifest may have at most ${LIMIT} bytes.`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString()
}

/** ecr:BatchDeleteImage. */
export async function deleteManifest(call: RegistryCall): Promise<RegistryAnswer> {
  const { failures = [] } = await call.call('BatchDeleteImage', { imageIds: [imageId(call)] })
  if (failures.length) throw failed(failures[0])
  return { status: 202 }
}

/** ecr:ListImages; `n` and `last` cut the list into pages. */
export async function listTags(call: RegistryCall): Promise<RegistryAnswer> {
  const tags: string[] = []
  let nextToken: string | undefined
  do {
    const page = await call.call('ListImages', { filter: { tagStatus: 'TAGGED' }, nextToken })
    for (const { imageTag } of page.imageIds ?? []) if (imageTag !== undefined) tags.push(imageTag)
    nextToken = page.nextToken
  } while (nextToken !== undefined)
  const last = call.query.get('last') ?? ''
  const after = tags.sort().filter((tag) => tag > last)
  const count = Number(call.query.get('n') ?? after.length)
  const page = after.slice(0, count)
  const more = page.length < after.length && page.length > 0
  const next = `<${call.path}/tags/list?n=${count}&last=${page.at(-1)}>; rel="next"`
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...(more && { link: next }) },
    body: JSON.stringify({ name: call.path.slice('/v2/'.length), tags: page }),
  }
}
