/** Content-addressed files: object bodies, function code, logs. Written whole before they are named. */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync } from 'node:fs'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Ids } from './clock.ts'

export interface Blob {
  /** Lower-case hexadecimal SHA-256 of the content; the blob's name. */
  readonly sha256: string
  /** Lower-case hexadecimal MD5 of the content. */
  readonly md5: string
  /** Bytes. */
  readonly size: number
}

export class BlobStore {
  private readonly folder: string
  private readonly ids: Ids

  constructor(folder: string, ids: Ids) {
    this.folder = folder
    this.ids = ids
    mkdirSync(join(folder, 'incoming'), { recursive: true })
  }

  /** The file of a blob; it is there only if the blob was written. */
  path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256)
  }

  /**
   * Writes content and gives its name and size. An error from the source leaves nothing behind.
   * Each chunk is also handed to `inspect`, for checksums computed on the way.
   */
  async write(
    content: Uint8Array | AsyncIterable<Uint8Array>,
    inspect?: (chunk: Uint8Array) => void,
  ): Promise<Blob> {
    const sha256 = createHash('sha256')
    const md5 = createHash('md5')
    let size = 0
    const incoming = join(this.folder, 'incoming', this.ids.lower(20))
    const file = await open(incoming, 'wx')
    try {
      const chunks = content instanceof Uint8Array ? [content] : content
      for await (const chunk of chunks) {
        inspect?.(chunk)
        sha256.update(chunk)
        md5.update(chunk)
        size += chunk.byteLength
        await file.writeFile(chunk)
      }
    } catch (error) {
      await file.close()
      await rm(incoming, { force: true })
      throw error
    }
    await file.close()
    const blob = { sha256: sha256.digest('hex'), md5: md5.digest('hex'), size }
    mkdirSync(join(this.folder, blob.sha256.slice(0, 2)), { recursive: true })
    await rename(incoming, this.path(blob.sha256))
    return blob
  }

  read(sha256: string): Promise<Buffer> {
    return readFile(this.path(sha256))
  }

  /** A stream of the content; `start` and `end` are byte positions, both inclusive. */
  stream(sha256: string, range?: { start: number; end: number }): Readable {
    return createReadStream(this.path(sha256), range)
  }

  has(sha256: string): boolean {
    return existsSync(this.path(sha256))
  }

  /** Removes a blob that no record names any more. */
  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true })
  }
}
