/** Images for tests: layers of plain bytes, pushed through the API, and folders that image clients read. */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CompleteLayerUploadCommand,
  type ECRClient,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr'

type Sender = Pick<ECRClient, 'send'>

export const digestOf = (content: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`

const OCI = 'application/vnd.oci.image'

interface MadeImage {
  readonly manifest: string
  readonly digest: string
  /** Configuration and layers. */
  readonly blobs: readonly Buffer[]
}

/** Makes an image of one layer that holds nothing but a text. */
export function imageOf(text: string): MadeImage {
  const layer = Buffer.from(text)
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  )
  const describe = (mediaType: string, blob: Buffer) => ({
    mediaType,
    digest: digestOf(blob),
    size: blob.length,
  })
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: describe(`${OCI}.config.v1+json`, config),
    layers: [describe(`${OCI}.layer.v1.tar`, layer)],
  })
  return { manifest, digest: digestOf(manifest), blobs: [config, layer] }
}

/** Makes a list of images that are in the repository. */
export function indexOf(...digests: string[]): Omit<MadeImage, 'blobs'> {
  const manifests = digests.map((digest) => ({ mediaType: `${OCI}.manifest.v1+json`, digest, size: 1 }))
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests })
  return { manifest, digest: digestOf(manifest) }
}

/** Where a test pushes to; `registryId` for another account's. */
export interface Target {
  readonly repositoryName: string
  readonly registryId?: string
}

/** Bytes of a part, at most. */
const PART = 20 * 1024 ** 2

/** Uploads a blob; gives its digest. */
export async function pushBlob(ecr: Sender, target: Target, blob: Uint8Array): Promise<string> {
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand(target))
  for (let at = 0; at < blob.length; at += PART) {
    const layerPartBlob = blob.subarray(at, at + PART)
    const part = { partFirstByte: at, partLastByte: at + layerPartBlob.length - 1, layerPartBlob }
    await ecr.send(new UploadLayerPartCommand({ ...target, uploadId, ...part }))
  }
  const layerDigests = [digestOf(blob)]
  const done = await ecr.send(new CompleteLayerUploadCommand({ ...target, uploadId, layerDigests }))
  return done.layerDigest!
}

/** Pushes an image of a text; gives its digest. */
export async function pushImage(
  ecr: Sender,
  target: Target,
  text: string,
  imageTag?: string,
): Promise<string> {
  const { manifest, digest, blobs } = imageOf(text)
  for (const blob of blobs)
    await pushBlob(ecr, target, blob).catch((error) => {
      if (error.name !== 'LayerAlreadyExistsException') throw error
    })
  await ecr.send(new PutImageCommand({ ...target, imageManifest: manifest, imageTag }))
  return digest
}

/** Writes an image as a folder in OCI's layout, tagged `v1`, for `oci:FOLDER:v1`. */
export function writeLayout(folder: string, { manifest, blobs, digest }: MadeImage): void {
  const home = join(folder, 'blobs', 'sha256')
  mkdirSync(home, { recursive: true })
  for (const blob of [...blobs, Buffer.from(manifest)])
    writeFileSync(join(home, digestOf(blob).slice(7)), blob)
  const annotations = { 'org.opencontainers.image.ref.name': 'v1' }
  const size = Buffer.byteLength(manifest)
  const manifests = [{ mediaType: `${OCI}.manifest.v1+json`, digest, size, annotations }]
  writeFileSync(join(folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
  writeFileSync(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
}
