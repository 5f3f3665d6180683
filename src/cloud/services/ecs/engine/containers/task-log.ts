/** The awslogs driver: a stream for each container, written as the execution role. */
import { AwsError } from '../../../../../model/index.ts'
import type { Context } from '../../../../kernel/context.ts'
import type { Identity } from '../../../../kernel/identity.ts'
import type { Task } from '../../state.ts'
import { PullFailure } from '../pull-image.ts'
import type { ContainerDefinition } from './definition.ts'

/** Milliseconds that lines wait for more. */
const INTERVAL = 100
/** Characters of a line, and of lines that wait: what a container prints beyond is lost, and the log says so. */
const LINE = 250_000
const ROOM = 8_000_000
/** Events of one PutLogEvents request. AWS: 10,000 and a megabyte. */
const BATCH = 1000
const BATCH_LENGTH = 250_000

export class TaskLog {
  private readonly ctx: Context
  private readonly as: Identity
  private readonly place: { logGroupName: string; logStreamName: string }
  private readonly region: string
  private waiting: { timestamp: number; message: string }[] = []
  private length = 0
  private partial = ''
  private timer: NodeJS.Timeout | undefined
  private writing: Promise<void> = Promise.resolve()

  private constructor(ctx: Context, as: Identity, region: string, place: TaskLog['place']) {
    this.ctx = ctx
    this.as = as
    this.region = region
    this.place = place
  }

  /**
   * Opens the stream `prefix/container/task`; undefined where no driver is asked for.
   * Errors: PullFailure in AWS's words.
   */
  static async open(
    ctx: Context,
    as: Identity | undefined,
    { name = '', logConfiguration }: ContainerDefinition,
    task: Task,
  ): Promise<TaskLog | undefined> {
    if (!logConfiguration) return undefined
    const { options = {} } = logConfiguration
    const prefix = options['awslogs-stream-prefix']
    const logGroupName = options['awslogs-group']
    if (!as || !logGroupName)
      throw new PullFailure(
        `ResourceInitializationError: failed to validate logger args: ${as ? 'awslogs-group is missing' : 'the task has no execution role'}`,
      )
    const place = { logGroupName, logStreamName: [prefix, name, task.id].filter(Boolean).join('/') }
    const log = new TaskLog(ctx, as, options['awslogs-region'] ?? ctx.region, place)
    await log.create(options['awslogs-create-group'] === 'true')
    return log
  }

  private async create(makesGroup: boolean): Promise<void> {
    const options = { as: this.as, region: this.region }
    const { logGroupName } = this.place
    const told = (what: string) => (error: unknown) => {
      if (!(error instanceof AwsError)) throw error
      if (error.code === 'ResourceAlreadyExistsException') return
      throw new PullFailure(
        `ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log ${what}: ${error.code}: ${error.message}`,
      )
    }
    if (makesGroup)
      await this.ctx.call('logs', 'CreateLogGroup', { logGroupName }, options).catch(told('group'))
    await this.ctx.call('logs', 'CreateLogStream', this.place, options).catch(told('stream'))
  }

  /** Takes what a container prints, in parts of lines. */
  write(text: string): void {
    const lines = (this.partial + text).split('\n')
    this.partial = lines.pop()!.slice(0, LINE)
    for (const line of lines) this.line(line)
  }

  private line(text: string): void {
    if (this.length > ROOM) return
    const message = text.slice(0, LINE) || ' '
    this.waiting.push({ timestamp: this.ctx.cloud.clock.now(), message })
    this.length += message.length
    if (this.length > ROOM)
      this.waiting.push({
        timestamp: this.ctx.cloud.clock.now(),
        message: '(more than the log takes: lines are lost)',
      })
    this.timer ??= setTimeout(() => void this.flush(), INTERVAL).unref()
  }

  /** Writes what has been gathered. AWS: a role that may not write logs loses them. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writing = this.writing.then(async () => {
      while (this.waiting.length && !this.ctx.cloud.signal.aborted) {
        const logEvents = this.take()
        await this.ctx
          .call('logs', 'PutLogEvents', { ...this.place, logEvents }, { as: this.as, region: this.region })
          .catch((error) => {
            if (!(error instanceof AwsError)) throw error
          })
      }
    })
    return this.writing
  }

  private take() {
    let length = 0
    let count = 0
    for (const { message } of this.waiting) {
      length += message.length + 26
      if (count && (length > BATCH_LENGTH || count >= BATCH)) break
      count++
    }
    const taken = this.waiting.splice(0, count)
    for (const { message } of taken) this.length -= message.length
    return taken
  }

  async close(): Promise<void> {
    if (this.partial) this.line(this.partial)
    this.partial = ''
    await this.flush()
  }
}
