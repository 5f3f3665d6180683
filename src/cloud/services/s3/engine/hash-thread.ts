/** A thread that hashes, started when first wanted; until it runs, and on a machine of one core, there is none. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

/** A hash that is taken on the thread. */
export interface HashOnThread {
  /** Takes a copy of the next bytes; kept once they are hashed. */
  update(chunks: readonly Uint8Array[]): Promise<void>
  /** In lower-case hexadecimal; ends the hash. */
  digest(): Promise<string>
  /** Ends the hash without asking for it. */
  abandon(): void
}

interface Task {
  readonly id: number
  /** Given with the first bytes. */
  readonly algorithm?: string
  readonly bytes?: Batch
  readonly end?: boolean
}

/** Memory that both threads see. */
type Batch = Uint8Array<SharedArrayBuffer>

/**
 * Batches of memory that are kept for the next bytes, and their size: what is gathered, and the chunk that was one too
 * many. Filling memory that is new takes six times as long, 73 microseconds for a batch.
 */
const SPARE = { batches: 4, bytes: 640 * 1024 }

/** What the thread runs. It answers each task, in their order, with the digest where the task asks for the end. */
const PROGRAM = `
const { createHash } = require('node:crypto')
const { parentPort } = require('node:worker_threads')
const hashes = new Map()
parentPort.on('message', ({ id, algorithm, bytes, end }) => {
  if (algorithm) hashes.set(id, createHash(algorithm))
  const hash = hashes.get(id)
  if (bytes) hash.update(bytes)
  if (end) hashes.delete(id)
  parentPort.postMessage(end && hash ? hash.digest('hex') : '')
})`

class HashThread {
  private readonly worker = new Worker(PROGRAM, { eval: true, name: 'hashing' })
  /** Whoever waits for an answer, in the order of the tasks. */
  private readonly waiting: { done: (digest: string) => void; failed: (error: Error) => void }[] = []
  private readonly spare: Batch[] = []
  private isOnline = false
  private lastId = 0

  constructor(gone: () => void) {
    this.worker.once('online', () => {
      this.isOnline = true
    })
    this.worker.on('message', (digest: string) => this.waiting.shift()?.done(digest))
    this.worker.on('error', (error) => {
      gone()
      for (const { failed } of this.waiting.splice(0)) failed(error)
    })
    // Behind the listeners, since each of them would have the process wait for the thread.
    this.worker.unref()
  }

  start(algorithm: string): HashOnThread | undefined {
    if (!this.isOnline) return undefined
    const id = ++this.lastId
    let isNew = true
    return {
      update: async (chunks) => {
        const batch = this.filled(chunks)
        const task: Task = { id, bytes: batch.bytes, ...(isNew && { algorithm }) }
        isNew = false
        await this.ask(task)
        if (batch.whole.length === SPARE.bytes && this.spare.length < SPARE.batches)
          this.spare.push(batch.whole)
      },
      digest: () => this.ask({ id, end: true }),
      abandon: () => void this.ask({ id, end: true }).catch(() => {}),
    }
  }

  private filled(chunks: readonly Uint8Array[]): { readonly whole: Batch; readonly bytes: Batch } {
    const length = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
    const spare = length <= SPARE.bytes ? this.spare.pop() : undefined
    const whole = spare ?? new Uint8Array(new SharedArrayBuffer(Math.max(length, SPARE.bytes)))
    let at = 0
    for (const chunk of chunks) {
      whole.set(chunk, at)
      at += chunk.byteLength
    }
    return { whole, bytes: whole.subarray(0, length) }
  }

  private ask(task: Task): Promise<string> {
    return new Promise((done, failed) => {
      this.waiting.push({ done, failed })
      this.worker.postMessage(task)
    })
  }
}

let thread: HashThread | undefined

/** Starts a hash on the thread; undefined while there is no thread that runs, when the caller hashes by itself. */
export function hashOnThread(algorithm: string): HashOnThread | undefined {
  if (availableParallelism() < 2) return undefined
  thread ??= new HashThread(() => {
    thread = undefined
  })
  return thread.start(algorithm)
}
