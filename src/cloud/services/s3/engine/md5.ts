/** The MD5 of a body that comes in pieces; of a large one it is taken on a thread, beside all else that is done with it. */
import { createHash } from 'node:crypto'
import { type HashOnThread, hashOnThread } from './hash-thread.ts'

/** Bytes gathered before they are handed to the thread; smaller bodies are hashed at once. */
const BATCH = 512 * 1024

export class Md5 {
  private readonly here = createHash('md5')
  private onThread: HashOnThread | undefined
  private isLarge = false
  private chunks: Uint8Array[] = []
  private gathered = 0
  private previous: Promise<void> = Promise.resolve()

  /** Takes the next bytes. Where a promise comes back, the thread has enough to do until it is kept. */
  update(chunk: Uint8Array): Promise<void> | undefined {
    this.chunks.push(chunk)
    this.gathered += chunk.byteLength
    return this.gathered >= BATCH ? this.flush() : undefined
  }

  /** In lower-case hexadecimal. */
  async digest(): Promise<string> {
    await this.flush()
    await this.previous
    return this.onThread ? this.onThread.digest() : this.here.digest('hex')
  }

  /** Forgets what was taken. */
  abandon(): void {
    this.onThread?.abandon()
  }

  private flush(): Promise<void> | undefined {
    const { chunks, gathered, previous } = this
    this.chunks = []
    this.gathered = 0
    if (!this.isLarge && gathered >= BATCH) {
      this.isLarge = true
      this.onThread = hashOnThread('md5')
    }
    if (this.onThread) {
      this.previous = this.onThread.update(chunks)
      // Whoever gives the next bytes or asks for the digest is told; a body that is given up asks for neither.
      this.previous.catch(() => {})
      return previous
    }
    for (const chunk of chunks) this.here.update(chunk)
    return undefined
  }
}
