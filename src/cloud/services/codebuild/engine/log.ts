/** A build's log: lines gathered, secrets masked, written to CloudWatch Logs as the project's role. */
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'
import { Masker } from './masker.ts'

const INTERVAL = 100
/** AWS: one PutLogEvents takes 10,000 events and 1 MiB, each event counted with 26 bytes more. */
const BATCH_EVENTS = 10_000
const BATCH_BYTES = 1_000_000
const EVENT_OVERHEAD = 26
/**
 * Characters of one event; a longer line goes on in the next. CloudWatch Logs takes 1 MB, and 256 KB until 2025
 * (userguide/cloudwatch_limits_cwl), which these have with four bytes each.
 */
const EVENT_CHARACTERS = 60_000
/** Bytes that wait to be written before a build's output is held up; an event takes about so many beside its message. */
const ROOM = 8_000_000
const EVENT_WEIGHT = 100

const weightOf = ({ message }: LogEvent): number => message.length + EVENT_WEIGHT

/** The log group and stream of a build. AWS: `/aws/codebuild/<project>` and the build's UUID. */
export interface LogPlace {
  readonly group: string
  readonly stream: string
}

interface LogEvent {
  readonly timestamp: number
  readonly message: string
}

export class BuildLog {
  private readonly ctx: Context
  private readonly identity: Identity
  private readonly place: LogPlace | undefined
  private masker = new Masker([])
  /** What has been printed since the last end of a line, unmasked, in the pieces that came. */
  private partial: string[] = []
  private partialLength = 0
  /** What an endless line has left that is masked already. */
  private begun = ''
  private waiting: LogEvent[] = []
  private waitingWeight = 0
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> | undefined
  private failure: { readonly error: unknown } | undefined
  private roomAgain: (() => void) | undefined

  /** Without a place nothing is written. */
  constructor(ctx: Context, identity: Identity, place: LogPlace | undefined) {
    this.ctx = ctx
    this.identity = identity
    this.place = place
  }

  /** Makes the stream, and the group where there is none. Errors: the AccessDenied of CloudWatch Logs. */
  async open(): Promise<void> {
    if (!this.place) return
    const { group: logGroupName, stream: logStreamName } = this.place
    const options = { as: this.identity }
    const createStream = () =>
      this.ctx.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, options)
    await createStream().catch(async (error) => {
      if (error.code !== 'ResourceNotFoundException') throw error
      await this.ctx.call('logs', 'CreateLogGroup', { logGroupName }, options).catch((failure) => {
        // Another build of the project may have made it meanwhile.
        if (failure.code !== 'ResourceAlreadyExistsException') throw failure
      })
      await createStream()
    })
  }

  /** Values to mask from now on. */
  mask(values: readonly string[]): void {
    this.masker = new Masker(values)
  }

  /** Gives the text with every secret in it replaced. */
  masked(text: string): string {
    return this.masker.masked(text)
  }

  /**
   * Takes text as commands print it; lines are completed across calls.
   * Gives a promise when so much waits to be written that the printing had better wait too.
   */
  write(text: string): Promise<void> | undefined {
    if (!this.place || this.failure) return undefined
    const end = text.lastIndexOf('\n') + 1
    if (end) this.completeLines(text.slice(0, end))
    if (end < text.length) this.keep(text.slice(end))
    if (this.waitingWeight <= ROOM) return undefined
    return new Promise((resolve) => {
      const before = this.roomAgain
      this.roomAgain = () => {
        before?.()
        resolve()
      }
    })
  }

  /** Takes a message of CodeBuild's own; a line that a command has not ended is ended first. */
  line(message: string): void {
    if (this.partialLength || this.begun) this.write('\n')
    this.write(`${message}\n`)
  }

  /** Takes text that ends with the end of a line. */
  private completeLines(text: string): void {
    const lines = this.begun + this.masker.masked(this.partial.join('') + text)
    this.partial = []
    this.partialLength = 0
    this.begun = ''
    const timestamp = this.ctx.cloud.clock.now()
    for (let at = 0; at < lines.length; ) {
      const end = lines.indexOf('\n', at)
      this.add(lines.slice(at, lines[end - 1] === '\r' && end > at ? end - 1 : end), timestamp)
      at = end + 1
    }
  }

  /** Keeps a line's beginning. Of a line without end whole events are cut off as they come. */
  private keep(text: string): void {
    this.partial.push(text)
    this.partialLength += text.length
    if (this.partialLength < this.masker.longest + EVENT_CHARACTERS) return
    const { masked, rest } = this.masker.split(this.partial.join(''))
    this.partial = [rest]
    this.partialLength = rest.length
    const timestamp = this.ctx.cloud.clock.now()
    const line = this.begun + masked
    let at = 0
    for (let end = cut(line, at); end < line.length; end = cut(line, at)) {
      this.push(line.slice(at, end), timestamp)
      at = end
    }
    this.begun = line.slice(at)
  }

  /** Adds a whole masked line. */
  private add(line: string, timestamp: number): void {
    let at = 0
    do {
      const end = cut(line, at)
      this.push(line.slice(at, end), timestamp)
      at = end
    } while (at < line.length)
  }

  private push(text: string, timestamp: number): void {
    const event = { timestamp, message: `${text}\n` }
    this.waiting.push(event)
    this.waitingWeight += weightOf(event)
    if (this.waitingWeight >= BATCH_BYTES) this.send()
    else this.timer ??= setTimeout(() => this.send(), INTERVAL)
  }

  /** Writes what is left. Errors: the first failure of a write. */
  async close(): Promise<void> {
    if (this.partialLength || this.begun) this.write('\n')
    this.send()
    await this.writing
    if (this.failure) throw this.failure.error
  }

  private send(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (!this.waiting.length) return
    // A log that cannot be written is told by close(), and must not end the process meanwhile.
    this.writing ??= this.putWaiting()
      .catch((error: unknown) => {
        this.failure = { error }
        this.waiting = []
        this.waitingWeight = 0
      })
      .finally(() => {
        this.writing = undefined
        this.makeRoom()
      })
  }

  private async putWaiting(): Promise<void> {
    const { group: logGroupName, stream: logStreamName } = this.place!
    while (this.waiting.length) {
      const events = this.waiting
      this.waiting = []
      for (const logEvents of batched(events)) {
        await this.ctx.call(
          'logs',
          'PutLogEvents',
          { logGroupName, logStreamName, logEvents },
          { as: this.identity },
        )
        for (const event of logEvents) this.waitingWeight -= weightOf(event)
        this.makeRoom()
      }
    }
  }

  private makeRoom(): void {
    if (this.waitingWeight > ROOM / 2) return
    this.roomAgain?.()
    this.roomAgain = undefined
  }
}

/** Where the event that begins there ends; never between the halves of a character. */
function cut(line: string, at: number): number {
  const end = at + EVENT_CHARACTERS
  if (end >= line.length) return line.length
  const last = line.charCodeAt(end - 1)
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end
}

function batched(events: readonly LogEvent[]): LogEvent[][] {
  const batches: LogEvent[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_OVERHEAD
    const last = batches.at(-1)
    if (last && last.length < BATCH_EVENTS && bytes + size <= BATCH_BYTES) {
      last.push(event)
      bytes += size
    } else {
      batches.push([event])
      bytes = size
    }
  }
  return batches
}
