/** The log stream of one function process, written with the execution role's permissions. */
import { AwsError } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { Identity } from '../../../kernel/identity.ts'

/** Milliseconds that lines wait for more while a function runs. */
const INTERVAL = 100
/** Bytes of one PutLogEvents request, somewhat below CloudWatch's limit; of one event likewise. */
const BATCH = 1_000_000
const LINE = 250_000
/** Characters that wait to be written before the function's output is held up. */
const ROOM = 8_000_000

export class FunctionLog {
  readonly group: string
  readonly stream: string
  private readonly ctx: Context
  private readonly identity: Identity
  private waiting: { timestamp: number; message: string }[] = []
  private waitingLength = 0
  private roomAgain: (() => void)[] = []
  private timer: NodeJS.Timeout | undefined
  private writing = false
  private opened = false
  /** Lines are also handed to it, for LogType=Tail. */
  listener: ((line: string) => void) | undefined

  constructor(ctx: Context, identity: Identity, place: { group: string; stream: string }) {
    this.ctx = ctx
    this.identity = identity
    this.group = place.group
    this.stream = place.stream
  }

  /** Takes a line; gives a promise when so much waits to be written that the function had better wait too. */
  line(text: string): Promise<void> | undefined {
    this.listener?.(text)
    const message = text.slice(0, LINE)
    this.waiting.push({ timestamp: this.ctx.cloud.clock.now(), message })
    this.waitingLength += message.length
    this.timer ??= setTimeout(() => this.flush(), INTERVAL).unref()
    if (this.waitingLength <= ROOM) return undefined
    this.flush()
    // A cloud that stops writes nothing any more.
    if (!this.writing) this.forget()
    return this.writing ? new Promise((resolve) => this.roomAgain.push(resolve)) : undefined
  }

  private forget(): void {
    this.waiting = []
    this.waitingLength = 0
  }

  private makeRoom(): void {
    for (const resolve of this.roomAgain.splice(0)) resolve()
  }

  /**
   * Writes in the background what has been gathered.
   * AWS: a role that may not write logs loses them; the function does not notice.
   */
  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.writing || !this.waiting.length || this.ctx.cloud.signal.aborted) return
    this.writing = true
    this.ctx.spawn(`log of ${this.group}`, async () => {
      try {
        while (this.waiting.length) {
          await this.write(this.take())
          if (this.waitingLength < ROOM / 2) this.makeRoom()
        }
      } catch (error) {
        this.forget()
        if (!(error instanceof AwsError)) throw error
      } finally {
        this.writing = false
        this.makeRoom()
      }
    })
  }

  private take() {
    let bytes = 0
    let count = 0
    for (const event of this.waiting) {
      bytes += Buffer.byteLength(event.message) + 26
      if (bytes > BATCH && count > 0) break
      count++
    }
    const taken = this.waiting.splice(0, count)
    for (const { message } of taken) this.waitingLength -= message.length
    return taken
  }

  private async write(logEvents: { timestamp: number; message: string }[]): Promise<void> {
    const place = { logGroupName: this.group, logStreamName: this.stream }
    const options = { as: this.identity }
    if (!this.opened) await this.open()
    this.opened = true
    // CloudWatch takes no empty messages.
    const events = logEvents.map((event) => ({ ...event, message: event.message || ' ' }))
    await this.ctx.call('logs', 'PutLogEvents', { ...place, logEvents: events }, options)
  }

  private async open(): Promise<void> {
    const place = { logGroupName: this.group, logStreamName: this.stream }
    const options = { as: this.identity }
    const create = () => this.ctx.call('logs', 'CreateLogStream', place, options)
    await create().catch(async (error) => {
      if (error.code !== 'ResourceNotFoundException') throw error
      await this.ctx
        .call('logs', 'CreateLogGroup', { logGroupName: this.group }, options)
        .catch((problem) => {
          if (problem.code !== 'ResourceAlreadyExistsException') throw problem
        })
      await create()
    })
  }
}
