/** A build's log: lines gathered, secrets masked, written to CloudWatch Logs as the project's role. */
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'

const INTERVAL = 100
/** AWS: one PutLogEvents takes 10,000 events and 1 MiB, each event counted with 26 bytes more; one event 256 KB. */
const BATCH_EVENTS = 10_000
const BATCH_BYTES = 1_000_000
const EVENT_OVERHEAD = 26
const EVENT_CHARACTERS = 60_000
const ACCESS_KEY_ID = /\bA[KS]IA[A-Z0-9]{16}\b/g

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
  private secrets: readonly string[] = []
  private partial = ''
  private waiting: LogEvent[] = []
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()

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

  /**
   * Values to mask from now on; those of three characters or less would mask ordinary text.
   * The log is written line by line, so each line of a value is masked too.
   */
  mask(values: readonly string[]): void {
    const lines = values.flatMap((value) => [value, ...value.split(/\r?\n/).map((line) => line.trim())])
    this.secrets = [...new Set(lines)].filter((one) => one.length > 3).sort((a, b) => b.length - a.length)
  }

  /** Takes text as commands print it; lines are completed across calls. */
  write(text: string): void {
    const lines = (this.partial + text).split('\n')
    this.partial = lines.pop() ?? ''
    for (const line of lines) this.add(line)
  }

  /** Takes a message of CodeBuild's own; a line that a command has not ended is ended first. */
  line(message: string): void {
    if (this.partial) this.write('\n')
    this.add(message)
  }

  private add(message: string): void {
    if (!this.place) return
    const text = this.masked(message.replace(/\r$/, ''))
    const timestamp = this.ctx.cloud.clock.now()
    for (let at = 0; at === 0 || at < text.length; at += EVENT_CHARACTERS)
      this.waiting.push({ timestamp, message: `${text.slice(at, at + EVENT_CHARACTERS)}\n` })
    this.timer ??= setTimeout(() => this.send(), INTERVAL)
  }

  /** Gives the text with every secret in it replaced. */
  masked(text: string): string {
    let masked = text
    for (const secret of this.secrets) masked = masked.replaceAll(secret, '***')
    return masked.replaceAll(ACCESS_KEY_ID, '***')
  }

  /** Writes what is left. Errors: the first failure of a write. */
  async close(): Promise<void> {
    if (this.partial) this.write('\n')
    this.send()
    await this.writing
  }

  private send(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const batches = batched(this.waiting)
    this.waiting = []
    if (!this.place) return
    const { group: logGroupName, stream: logStreamName } = this.place
    const put = (logEvents: LogEvent[]) =>
      this.ctx.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, { as: this.identity })
    for (const batch of batches) this.writing = this.writing.then(async () => void (await put(batch)))
    // The failure is told by close(); a log that cannot be written must not end the process meanwhile.
    this.writing.catch(() => undefined)
  }
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
