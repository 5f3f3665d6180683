/** Acknowledges changes as soon as they are in the log; the database takes them over behind, many at a time. */
import type { ChangeLog } from './change-log.ts'

export type StoredKey = [collection: string, scope: string, key: string]

export interface StoredChange {
  readonly key: StoredKey
  /** The record as the database holds it; absent when it is deleted. */
  readonly bytes?: Uint8Array
}

/** Makes changes in one transaction, with the number of the last entry; resolves once they would survive a power loss. */
export type TakeOver = (changes: Iterable<StoredChange>, last: number) => Promise<void>

/**
 * Milliseconds between two transactions. One for each write of a busy caller took a sixth of the write's processor time;
 * what is written meanwhile is safe in the log.
 */
const REST = 50

export class WriteBehind {
  private readonly log: ChangeLog
  private readonly takeOver: TakeOver
  private waiting = new Map<string, StoredChange>()
  private last = 0
  private running: Promise<void> | undefined
  private readonly rest: number
  private endRest: () => void = () => {}
  private isClosing = false
  private failure: { readonly error: unknown } | undefined

  private constructor(log: ChangeLog, takeOver: TakeOver, rest: number) {
    this.log = log
    this.takeOver = takeOver
    this.rest = rest
  }

  /** First lets the database take over what an earlier process had acknowledged. */
  static async open(log: ChangeLog, takeOver: TakeOver, rest = REST): Promise<WriteBehind> {
    const changes = new Map<string, StoredChange>()
    let last: number | undefined
    for (const { number, body } of log.unfinished()) {
      for (const change of unpack(body)) changes.set(nameOf(change), change)
      last = number
    }
    if (last !== undefined) await takeOver(changes.values(), last)
    log.clear()
    return new WriteBehind(log, takeOver, rest)
  }

  /**
   * Returns once the changes would survive the end of the process: all of them or none.
   * Errors: the log cannot be written, or the database could not take over what was written before.
   */
  write(changes: readonly StoredChange[]): void {
    if (this.failure) throw this.failure.error
    this.last = this.log.append(pack(changes))
    for (const change of changes) this.waiting.set(nameOf(change), change)
    this.running ??= this.run()
  }

  /** Changes that come meanwhile share the next transaction, in which each record is written once. */
  private async run(): Promise<void> {
    try {
      while (this.waiting.size) {
        const changes = this.waiting
        this.waiting = new Map()
        const empty = this.log.turn()
        await this.takeOver(changes.values(), this.last)
        empty()
        await this.resting()
      }
    } catch (error) {
      this.failure = { error }
    }
    this.running = undefined
  }

  /** No process waits for it, and closing ends it. */
  private async resting(): Promise<void> {
    if (this.isClosing || !this.rest) return
    await new Promise<void>((done) => {
      const timer = setTimeout(done, this.rest).unref()
      this.endRest = () => {
        clearTimeout(timer)
        done()
      }
    })
  }

  /** Resolves once the database has everything. Errors: it could not take it over. */
  async close(): Promise<void> {
    this.isClosing = true
    this.endRest()
    await this.running
    this.log.close()
    if (this.failure) throw this.failure.error
  }
}

const nameOf = ({ key }: StoredChange): string => key.join('\0')

/** Length of what a deleted record has. */
const NONE = 0xffffffff

function pack(changes: readonly StoredChange[]): Buffer {
  return Buffer.concat(
    changes.flatMap(({ key, bytes }) => {
      const name = Buffer.from(JSON.stringify(key))
      const head = Buffer.allocUnsafe(8)
      head.writeUInt32LE(name.length, 0)
      head.writeUInt32LE(bytes ? bytes.length : NONE, 4)
      return [head, name, ...(bytes ? [bytes] : [])]
    }),
  )
}

function* unpack(body: Buffer): Generator<StoredChange> {
  for (let at = 0; at < body.length; ) {
    const [name, length] = [body.readUInt32LE(at), body.readUInt32LE(at + 4)]
    const start = at + 8 + name
    const key = JSON.parse(body.toString('utf8', at + 8, start)) as StoredKey
    const end = start + (length === NONE ? 0 : length)
    yield length === NONE ? { key } : { key, bytes: body.subarray(start, end) }
    at = end
  }
}
