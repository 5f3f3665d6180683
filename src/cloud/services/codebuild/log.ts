/** A build's log: lines gathered, secrets masked, written to CloudWatch Logs as the project's role. */
import type { Context } from '../../context.ts'
import type { Identity } from '../../identity.ts'

const INTERVAL = 100

/** The log group and stream of a build. AWS: `/aws/codebuild/<project>` and the build's UUID. */
export interface LogPlace {
  readonly group: string
  readonly stream: string
}

export class BuildLog {
  private readonly ctx: Context
  private readonly identity: Identity
  private readonly place: LogPlace
  private secrets: readonly string[] = []
  private partial = ''
  private waiting: { timestamp: number; message: string }[] = []
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()

  constructor(ctx: Context, identity: Identity, place: LogPlace) {
    this.ctx = ctx
    this.identity = identity
    this.place = place
  }

  /** Makes group and stream. Errors: the AccessDenied of CloudWatch Logs. */
  async open(): Promise<void> {
    const { group: logGroupName, stream: logStreamName } = this.place
    const options = { as: this.identity }
    await this.ctx.call('logs', 'CreateLogGroup', { logGroupName }, options).catch((error) => {
      if (error.code !== 'ResourceAlreadyExistsException') throw error
    })
    await this.ctx.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, options)
  }

  /** Values to mask from now on; those of three characters or less would mask ordinary text. */
  mask(secrets: readonly string[]): void {
    this.secrets = secrets.filter((one) => one.length > 3).sort((a, b) => b.length - a.length)
  }

  /** Takes text as commands print it; lines are completed across calls. */
  write(text: string): void {
    const lines = (this.partial + text).split('\n')
    this.partial = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  line(message: string): void {
    let masked = message.replace(/\r$/, '')
    for (const secret of this.secrets) masked = masked.replaceAll(secret, '***')
    this.waiting.push({ timestamp: this.ctx.cloud.clock.now(), message: `${masked}\n` })
    this.timer ??= setTimeout(() => this.send(), INTERVAL)
  }

  /** Writes what is left. Errors: the first failure of a write. */
  async close(): Promise<void> {
    if (this.partial) this.line(this.partial)
    this.partial = ''
    this.send()
    await this.writing
  }

  private send(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    const logEvents = this.waiting
    this.waiting = []
    if (!logEvents.length) return
    const { group: logGroupName, stream: logStreamName } = this.place
    const put = () =>
      this.ctx.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, { as: this.identity })
    this.writing = this.writing.then(async () => void (await put()))
    // The failure is told by close(); a log that cannot be written must not end the process meanwhile.
    this.writing.catch(() => undefined)
  }
}
