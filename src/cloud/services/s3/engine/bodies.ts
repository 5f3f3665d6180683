/** The bytes of objects: small ones travel in the record, larger ones get a file each; encrypted ones never touch disk in clear. */
import { mkdirSync, readdirSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ids } from '../../../kernel/clock.ts'
import { type Cloud, part } from '../../../kernel/cloud.ts'
import type { Pieces } from '../../../kernel/wire.ts'
import { cipherAt, newCounter } from '../../../machine/counter-cipher.ts'
import type { Segment } from '../state.ts'
import { BLOCK, Blocks } from './blocks.ts'
import { BodySink } from './body-sink.ts'
import { Md5 } from './md5.ts'

/** Bytes a request brings, or those another service hands over. */
export type Content = Uint8Array | string | AsyncIterable<Uint8Array>

export interface Written {
  readonly segment: Segment
  /** Of the content in clear, lower-case hexadecimal; absent when it was not asked for. */
  readonly md5?: string
}

export interface WriteOptions {
  /** The data key to encrypt with. */
  readonly key?: Uint8Array
  readonly md5: boolean
  /** Is handed each chunk in clear. */
  readonly inspect?: (chunk: Uint8Array) => void
  /** Bytes; more than this is refused with `tooLarge`. */
  readonly limit: number
  readonly tooLarge: () => Error
}

export class Bodies {
  private readonly folder: string
  private readonly ids: Ids
  private readonly blocks = new Blocks()
  /** Files being read, by the number of readers; those marked are removed once the last one is done. */
  private readonly readers = new Map<string, number>()
  private readonly doomed = new Set<string>()
  /** Files that an earlier run of the cloud left here. */
  private earlier: string[]

  constructor(folder: string, ids: Ids) {
    this.folder = folder
    this.ids = ids
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    this.earlier = readdirSync(folder).flatMap((part) => readdirSync(join(folder, part)))
  }

  /** Removes files of earlier runs that no record names: a crash may have come between file and record. */
  async sweep(named: ReadonlySet<string>): Promise<void> {
    const orphans = this.earlier.filter((file) => !named.has(file))
    this.earlier = []
    await this.remove(orphans.map((file) => ({ size: 0, file })))
  }

  private path(file: string): string {
    return join(this.folder, file.slice(0, 2), file)
  }

  /** Stores content. An error on the way, also the source's own, leaves nothing behind. */
  async write(content: Content, options: WriteOptions): Promise<Written> {
    const md5 = options.md5 ? new Md5() : undefined
    const iv = options.key && newCounter()
    const cipher = options.key && iv && cipherAt(options.key, iv, 0)
    const sink = new BodySink(() => this.create())
    let size = 0
    try {
      for await (const chunk of chunksOf(content)) {
        size += chunk.byteLength
        if (size > options.limit) throw options.tooLarge()
        const hashing = md5?.update(chunk)
        options.inspect?.(chunk)
        const pending = sink.add(cipher ? cipher.update(chunk) : chunk)
        if (pending) await pending
        if (hashing) await hashing
      }
      const digest = await md5?.digest()
      const place = await sink.finish()
      return { segment: { size, ...place, ...(iv && { iv }) }, md5: digest }
    } catch (error) {
      md5?.abandon()
      await sink.abandon(async (file) => this.remove([{ size, file }]))
      throw error
    }
  }

  private async create(): Promise<{ file: string; handle: FileHandle }> {
    const file = this.ids.lower(32)
    mkdirSync(join(this.folder, file.slice(0, 2)), { recursive: true, mode: 0o700 })
    return { file, handle: await open(this.path(file), 'wx', 0o600) }
  }

  /**
   * Gives the bytes from `start` to `end`, both inclusive positions in the whole object, decrypted.
   * The files stay until the last byte is read or the reading is given up, even when the object is deleted meanwhile.
   */
  read(
    segments: readonly Segment[],
    range: { start: number; end: number },
    key?: Uint8Array,
  ): AsyncIterableIterator<Uint8Array> & Pieces {
    const files = segments.flatMap(({ file }) => (file === undefined ? [] : [file]))
    for (const file of files) this.readers.set(file, (this.readers.get(file) ?? 0) + 1)
    const chunks = this.readSegments(segments, range, key)
    let isHeld = true
    const step = async (result: Promise<IteratorResult<Uint8Array>>, isLast: boolean) => {
      const { value, done } = await result.catch((error) => ({ value: error, done: 'failed' as const }))
      if ((isLast || done) && isHeld) {
        isHeld = false
        await this.release(files)
      }
      if (done === 'failed') throw value
      return { value, done }
    }
    return {
      giveBack: this.blocks.giveBack,
      next: () => step(chunks.next(), false),
      return: () => step(chunks.return(undefined), true),
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }

  private async *readSegments(
    segments: readonly Segment[],
    range: { start: number; end: number },
    key?: Uint8Array,
  ): AsyncGenerator<Uint8Array> {
    let position = 0
    for (const segment of segments) {
      const start = Math.max(range.start - position, 0)
      const end = Math.min(range.end - position, segment.size - 1)
      position += segment.size
      if (start > end) continue
      const cipher = key && segment.iv ? cipherAt(key, segment.iv, start) : undefined
      for await (const chunk of this.readSegment(segment, start, end)) {
        if (!cipher) {
          yield chunk
          continue
        }
        const clear = cipher.update(chunk)
        this.blocks.giveBack(chunk)
        yield clear
      }
    }
  }

  /** Gives what `read` gives at once, where every segment is small enough to be in its record. */
  readInline(
    segments: readonly Segment[],
    range: { start: number; end: number },
    key?: Uint8Array,
  ): Buffer | undefined {
    const [segment, ...others] = segments
    if (!segment) return Buffer.alloc(0)
    if (others.length > 0 || !segment.bytes) return undefined
    const bytes = segment.bytes.subarray(range.start, range.end + 1)
    if (key && segment.iv) return cipherAt(key, segment.iv, range.start).update(bytes)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private async *readSegment(segment: Segment, start: number, end: number): AsyncGenerator<Uint8Array> {
    if (segment.bytes) {
      yield segment.bytes.subarray(start, end + 1)
      return
    }
    if (segment.file === undefined) return
    const handle = await open(this.path(segment.file))
    try {
      let reading = this.readBlock(handle, start, end)
      for (let at = start; at <= end; ) {
        const block = await reading
        if (block.length === 0)
          throw new Error(`The body file ${segment.file} is shorter than its record says`)
        at += block.length
        // The next block is read while this one is sent.
        reading = at > end ? reading : this.readBlock(handle, at, end)
        // It is told when it is waited for; nobody waits for it where the reading is given up.
        reading.catch(() => undefined)
        yield block
      }
    } finally {
      await handle.close()
    }
  }

  /** Gives the bytes at a position, at most a block of them; none at the file's end. */
  private async readBlock(handle: FileHandle, at: number, end: number): Promise<Buffer> {
    const block = this.blocks.take()
    const { bytesRead } = await handle.read(block, 0, Math.min(BLOCK, end - at + 1), at)
    return this.blocks.lend(block, bytesRead)
  }

  private async release(files: readonly string[]): Promise<void> {
    for (const file of files) {
      const left = (this.readers.get(file) ?? 1) - 1
      if (left > 0) this.readers.set(file, left)
      else {
        this.readers.delete(file)
        if (this.doomed.delete(file)) await rm(this.path(file), { force: true })
      }
    }
  }

  /** Removes what no record names any more; readers finish first. */
  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { file } of segments) {
      if (file === undefined) continue
      if (this.readers.has(file)) this.doomed.add(file)
      else await rm(this.path(file), { force: true })
    }
  }
}

/** Gives any content as chunks of bytes, none of them so large that disk and hashing could not take turns. */
function chunksOf(content: Content): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  if (typeof content === 'string') return slices(Buffer.from(content))
  return content instanceof Uint8Array ? slices(content) : content
}

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += BLOCK) yield bytes.subarray(at, at + BLOCK)
}

const bodies = part({
  name: 'object bodies',
  make: ({ folder, ids }) => new Bodies(join(folder, 'objects'), ids),
})

/** Gives the cloud's store of object bodies, in a folder of its own beside the cloud's other state. */
export const bodiesOf = (cloud: Cloud): Bodies => cloud.part(bodies)
