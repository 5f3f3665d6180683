/** The files that layers are in: content-addressed, one for all repositories, unless a repository's key encrypts them. */
import { createHash } from 'node:crypto'
import {
  createReadStream,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import { layers, uploads } from '../state.ts'

const partOf = (cloud: Cloud, part: 'layers' | 'uploads'): string => {
  const folder = join(cloud.folder, 'images', part)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

const uploadPath = (cloud: Cloud, id: string): string => join(partOf(cloud, 'uploads'), id)
const layerPath = (cloud: Cloud, file: string): string => join(partOf(cloud, 'layers'), file)

/** Makes the file that an upload's parts come into. */
export const beginUpload = (cloud: Cloud, id: string): void =>
  writeFileSync(uploadPath(cloud, id), '', { mode: 0o600 })

/** Writes bytes of an upload at their place. */
export async function writePart(
  cloud: Cloud,
  id: string,
  part: { readonly position: number; readonly bytes: Uint8Array },
): Promise<void> {
  const handle = await open(uploadPath(cloud, id), 'r+')
  try {
    await handle.write(part.bytes, 0, part.bytes.byteLength, part.position)
  } finally {
    await handle.close()
  }
}

/** Gives the digest of what was uploaded, `decrypt` making it readable. */
export async function uploadDigest(
  cloud: Cloud,
  id: string,
  decrypt: (bytes: Uint8Array) => Uint8Array,
): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(uploadPath(cloud, id))) hash.update(decrypt(chunk as Buffer))
  return `sha256:${hash.digest('hex')}`
}

/** Makes an upload a layer's file; at once, so that nobody can find the file unused before the record names it. */
export const keepUpload = (cloud: Cloud, id: string, file: string): void =>
  renameSync(uploadPath(cloud, id), layerPath(cloud, file))

export const dropUpload = (cloud: Cloud, id: string): void => rmSync(uploadPath(cloud, id), { force: true })

/** The bytes of a file from its beginning. A file that is deleted meanwhile is read to its end. */
export const openLayer = (cloud: Cloud, file: string): AsyncIterable<Uint8Array> =>
  createReadStream('', { fd: openSync(layerPath(cloud, file), 'r') })

/** Removes files that no layer is in any more. */
export function dropUnused(cloud: Cloud, files: readonly string[]): void {
  if (!files.length) return
  const used = usedFiles(cloud)
  for (const file of files) if (!used.has(file)) rmSync(layerPath(cloud, file), { force: true })
}

const usedFiles = (cloud: Cloud): ReadonlySet<string> =>
  new Set(cloud.store.everywhere(layers).flatMap(({ table }) => table.values().map((layer) => layer.file)))

/** Removes files that no record names: a crash may have come between file and record. */
export function sweep(cloud: Cloud): void {
  dropUnused(cloud, readdirSync(partOf(cloud, 'layers')))
  const going = new Set(
    cloud.store.everywhere(uploads).flatMap(({ table }) => table.values().map((upload) => upload.id)),
  )
  for (const id of readdirSync(partOf(cloud, 'uploads'))) if (!going.has(id)) dropUpload(cloud, id)
}
