/** Changes on their way into the database: written to a file before they are acknowledged, read at the next start. */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

export interface Logged {
  /** One more than that of the entry before. */
  readonly number: number
  readonly body: Buffer
}

/** Length and checksum of the rest, then the entry's number; its body follows. */
const HEAD = 16

/**
 * Two files that take turns: while the database takes over what one holds, the other is written to. What is written
 * survives the end of the process at once, because the system holds it; after a power loss an entry may be cut off or
 * gone, and then so is every later one.
 */
export class ChangeLog {
  private readonly files: { readonly path: string; readonly handle: number; size: number }[]
  private current = 0
  private next: number

  /** Opens, or makes, two files that start with this path. `after` is the last entry that the database has. */
  constructor(path: string, after: number) {
    this.files = [`${path}-0`, `${path}-1`].map((one) => {
      const size = existsSync(one) ? readFileSync(one).length : 0
      return { path: one, handle: openSync(one, 'a', 0o600), size }
    })
    this.next = after + 1
  }

  /** Gives the entries that the database does not have yet, up to the first that is missing or damaged. */
  *unfinished(): Generator<Logged> {
    const entries = this.files.flatMap(({ path }) => [...entriesIn(readFileSync(path))])
    for (const entry of entries.sort((a, b) => a.number - b.number)) {
      if (entry.number < this.next) continue
      if (entry.number > this.next) return
      this.next++
      yield entry
    }
  }

  /**
   * Writes an entry; gives its number. Errors: the system's, when the disk is full for example; then nothing of it is
   * left that would hide later entries.
   */
  append(body: Buffer): number {
    const file = this.files[this.current]!
    const entry = Buffer.allocUnsafe(HEAD + body.length)
    entry.writeUInt32LE(body.length, 0)
    entry.writeDoubleLE(this.next, 8)
    body.copy(entry, HEAD)
    entry.writeUInt32LE(crc32(entry.subarray(8)), 4)
    try {
      for (let at = 0; at < entry.length; ) at += writeSync(file.handle, entry, at)
    } catch (error) {
      ftruncateSync(file.handle, file.size)
      throw error
    }
    file.size += entry.length
    return this.next++
  }

  /** Begins to write to the other file, which must be empty; gives the function that empties the one before. */
  turn(): () => void {
    const before = this.files[this.current]!
    this.current = 1 - this.current
    return () => {
      ftruncateSync(before.handle, 0)
      before.size = 0
    }
  }

  /** Empties both files, for good: the database has everything, and numbers that were never reached may come again. */
  clear(): void {
    for (const file of this.files) {
      ftruncateSync(file.handle, 0)
      fsyncSync(file.handle)
      file.size = 0
    }
  }

  close(): void {
    for (const { handle } of this.files) closeSync(handle)
  }
}

/** Ends at the first entry that is not whole. */
function* entriesIn(bytes: Buffer): Generator<Logged> {
  for (let at = 0; at + HEAD <= bytes.length; ) {
    const end = at + HEAD + bytes.readUInt32LE(at)
    if (end > bytes.length || crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return
    yield { number: bytes.readDoubleLE(at + 8), body: bytes.subarray(at + HEAD, end) }
    at = end
  }
}
