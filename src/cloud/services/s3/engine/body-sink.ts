/** Where a body goes while it comes in: memory first, a file once it is too large for a record. */
import type { FileHandle } from 'node:fs/promises'
import { exactBytes } from '../../../machine/exact-bytes.ts'

/** Bytes up to which a body stays in the record. */
const INLINE_LIMIT = 16 * 1024
/** Bytes gathered before they are handed to the disk. */
const BATCH = 512 * 1024

/** Collects chunks in memory, and opens a file only when they grow beyond what a record takes. */
export class BodySink {
  private readonly create: () => Promise<{ file: string; handle: FileHandle }>
  private chunks: Uint8Array[] = []
  private gathered = 0
  private target?: { file: string; handle: FileHandle }
  /** The write that is under way; the next batch gathers meanwhile. */
  private writing: Promise<void> = Promise.resolve()

  constructor(create: () => Promise<{ file: string; handle: FileHandle }>) {
    this.create = create
  }

  add(chunk: Uint8Array): Promise<void> | undefined {
    this.chunks.push(chunk)
    this.gathered += chunk.byteLength
    return this.gathered >= BATCH ? this.flush() : undefined
  }

  private async flush(): Promise<void> {
    const { chunks } = this
    this.chunks = []
    this.gathered = 0
    this.target ??= await this.create()
    const { handle } = this.target
    await this.writing
    this.writing = writeAll(handle, chunks)
    this.writing.catch(() => {})
  }

  async finish(): Promise<{ bytes?: Uint8Array; file?: string }> {
    if (!this.target && this.gathered <= INLINE_LIMIT) return { bytes: exactBytes(...this.chunks) }
    if (this.chunks.length > 0) await this.flush()
    await this.writing
    await this.target!.handle.close()
    return { file: this.target!.file }
  }

  async abandon(remove: (file: string) => Promise<void>): Promise<void> {
    if (!this.target) return
    await this.writing.catch(() => {})
    await this.target.handle.close().catch(() => {})
    await remove(this.target.file)
  }
}

async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  for (let rest = chunks; rest.length > 0; ) {
    const { bytesWritten } = await handle.writev(rest as Uint8Array[])
    rest = after(rest, bytesWritten)
  }
}

/** What is left of the chunks behind so many bytes. */
function after(chunks: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let left = bytes
  for (const [index, chunk] of chunks.entries()) {
    if (left < chunk.byteLength) return [chunk.subarray(left), ...chunks.slice(index + 1)]
    left -= chunk.byteLength
  }
  return []
}
